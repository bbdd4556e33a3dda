import { ArrowDown, ArrowUp, ArrowUpDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { cn } from '@/lib/cn.ts';
import { usePreferences } from '@/lib/preferences.ts';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../ui/table.tsx';

export interface Sort {
  column: string;
  direction: 'asc' | 'desc';
}

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  isSortable?: boolean;
  align?: 'right';
  /** Secondary facts leave first: shown from this width on. */
  showFrom?: 'md' | 'lg' | 'xl';
  className?: string;
}

/**
 * Link covering its whole row; put it into the first cell. Other controls of the row need `relative z-10` to stay
 * above it (see {@link aboveRowLink}).
 */
export const rowLinkClass = "font-medium after:absolute after:inset-0 after:content-[''] focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring";
export const aboveRowLink = 'relative z-10';

const showClasses = { md: 'max-md:hidden', lg: 'max-lg:hidden', xl: 'max-xl:hidden' };

const SortIcon = ({ direction }: { direction: Sort['direction'] | undefined }) => {
  const Icon = direction === undefined ? ArrowUpDown : direction === 'asc' ? ArrowUp : ArrowDown;
  return <Icon aria-hidden className={cn('size-3.5', direction === undefined && 'opacity-50')} />;
};

/**
 * Rows as a table with sortable heads; under 640 px as cards: first column as the heading, the others as pairs.
 * `caption` names the table for screen readers.
 */
export const DataTable = <Row,>({
  rows,
  columns,
  rowKey,
  caption,
  sort,
  onSort,
  actions,
}: {
  rows: Row[];
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  caption: string;
  sort?: Sort | undefined;
  onSort?: (sort: Sort) => void;
  /** Secondary actions of a row, in a menu. */
  actions?: (row: Row) => ReactNode;
}) => {
  const isPhone = useMediaQuery('(max-width: 639.98px)');
  const { density } = usePreferences();
  const [first, ...others] = columns;
  if (isPhone && first !== undefined) {
    return (
      <ul aria-label={caption} className="flex flex-col gap-2">
        {rows.map((row) => (
          <li key={rowKey(row)} className="relative rounded-card border bg-card p-3">
            <div className="flex items-start justify-between gap-2">
              <div className="min-w-0 text-body">{first.cell(row)}</div>
              {actions !== undefined && <div className={aboveRowLink}>{actions(row)}</div>}
            </div>
            <dl className="mt-2 grid grid-cols-[auto_1fr] items-center gap-x-3 gap-y-1 text-row">
              {others.map((column) => (
                <div key={column.key} className="contents">
                  <dt className="text-caption text-muted-foreground">{column.header}</dt>
                  <dd className="min-w-0">{column.cell(row)}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className={cn('overflow-hidden rounded-card border bg-card', density === 'compact' ? '[--row-height:32px]' : '[--row-height:40px]')}>
      <Table>
        <caption className="sr-only">{caption}</caption>
        <TableHeader>
          <TableRow>
            {columns.map((column) => {
              const direction = sort?.column === column.key ? sort.direction : undefined;
              return (
                <TableHead
                  key={column.key}
                  aria-sort={direction === undefined ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
                  className={cn(column.align === 'right' && 'text-right', column.showFrom && showClasses[column.showFrom])}
                >
                  {column.isSortable && onSort !== undefined ? (
                    <button type="button" className="inline-flex min-h-6 items-center gap-1 rounded-control hover:text-foreground" onClick={() => onSort({ column: column.key, direction: direction === 'asc' ? 'desc' : 'asc' })}>
                      {column.header}
                      <SortIcon direction={direction} />
                    </button>
                  ) : (
                    column.header
                  )}
                </TableHead>
              );
            })}
            {actions !== undefined && <TableHead><span className="sr-only">Actions</span></TableHead>}
          </TableRow>
        </TableHeader>
        <TableBody>
          {rows.map((row) => (
            <TableRow key={rowKey(row)} className="relative transition-colors duration-120 hover:bg-muted">
              {columns.map((column) => (
                <TableCell key={column.key} className={cn(column.align === 'right' && 'text-right', column.showFrom && showClasses[column.showFrom], column.className)}>
                  {column.cell(row)}
                </TableCell>
              ))}
              {actions !== undefined && <TableCell className="w-10 text-right"><div className={aboveRowLink}>{actions(row)}</div></TableCell>}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  );
};
