import { Download } from 'lucide-react';
import { useMemo, useState } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { toCsv } from '@/lib/csv.ts';
import { countOf, formatInteger } from '@/lib/format.ts';
import { saveFile } from '@/lib/save-file.ts';
import { isNumericColumn, toCellText } from './cell-text.ts';
import type { TableOutput } from './output-shapes.ts';

const pageSize = 100;
/** Longer texts of a cell are cut until asked for, with their length said. */
const shownCharacters = 120;
/** Shorter ones stand in one line: digits and dates do not read well broken. */
const oneLineCharacters = 40;

const Cell = ({ value }: { value: unknown }) => {
  const [isWhole, setIsWhole] = useState(false);
  const { text, kind } = toCellText(value);
  if (kind === 'absent') return null;
  if (kind === 'null') return <span className="rounded-[3px] border border-dashed border-input px-1 text-caption text-muted-foreground">NULL</span>;
  if (kind === 'text' && text === '') return <span className="text-caption text-muted-foreground">empty text</span>;
  const isLong = text.length > shownCharacters;
  return (
    <>
      <UntrustedText text={isLong && !isWhole ? `${text.slice(0, shownCharacters).toWellFormed()}…` : text} className={cn(text.length <= oneLineCharacters ? 'whitespace-pre' : 'inline-block min-w-72 whitespace-pre-wrap', kind === 'json' && 'font-mono text-caption')} />
      {isLong && (
        <Button variant="link" size="inline" className="ml-1 text-caption" aria-expanded={isWhole} onClick={() => setIsWhole(!isWhole)}>
          {isWhole ? 'less' : `all ${formatInteger(text.length)} characters`}
        </Button>
      )}
    </>
  );
};

/** Rows as they were read: exact values, NULL told from text, columns with their types. `name` is the start of the file's name. */
export const ResultTable = ({ table, name }: { table: TableOutput; name: string }) => {
  const { columns, rows, isTruncated } = table;
  const [shown, setShown] = useState(pageSize);
  const atRight = useMemo(() => columns.map(({ type }, index) => isNumericColumn(type, rows.slice(0, pageSize).map((row) => row[index]))), [columns, rows]);
  const csv = useMemo(() => toCsv(columns.map((column) => column.name), rows), [columns, rows]);
  const visible = rows.slice(0, shown);
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <p className="mr-auto text-row">
          <strong>{countOf(rows.length, 'row')}</strong>
          {isTruncated && <span className="ml-2 rounded-control bg-waiting-tint px-1.5 py-0.5 text-caption font-medium text-waiting-text">More were left out: the limit was reached</span>}
        </p>
        <CopyButton text={csv} label="Copy as CSV" isIconOnly={false} />
        <Button variant="outline" size="small" onClick={() => saveFile(`${name}.csv`, 'text/csv', csv)}><Download aria-hidden />Download</Button>
      </div>
      {/* A region that scrolls must be reachable by keyboard. */}
      <div tabIndex={0} role="region" aria-label="Rows" className="max-h-[32rem] overflow-auto rounded-control border">
        <table className="w-full border-separate border-spacing-0 text-row">
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={index} scope="col" className={cn('sticky top-0 z-10 border-b bg-muted px-2.5 py-1.5 align-bottom font-medium', atRight[index] === true ? 'text-right' : 'text-left')}>
                  <UntrustedText text={column.name} className="whitespace-nowrap" />
                  {column.type !== undefined && <span className="block text-caption font-normal whitespace-nowrap text-muted-foreground">{column.type}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row, rowIndex) => (
              <tr key={rowIndex} className="[&:not(:last-child)>td]:border-b">
                {row.map((value, index) => (
                  <td key={index} className={cn('max-w-96 px-2.5 py-1.5 align-top', atRight[index] === true && 'tabular text-right')}><Cell value={value} /></td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="p-3 text-row text-muted-foreground">The query found nothing.</p>}
      </div>
      {rows.length > pageSize && <MoreRows shown={visible.length} noun="row" hasMore={rows.length > shown} isLoading={false} onMore={() => setShown(shown + 5 * pageSize)} />}
    </div>
  );
};
