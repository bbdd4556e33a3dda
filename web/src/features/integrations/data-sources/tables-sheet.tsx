import type { DataSource, DataSourceTable } from '@contracts/data-sources.ts';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight, KeyRound, Table2 } from 'lucide-react';
import { useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, formatInteger, humanize } from '@/lib/format.ts';

const Columns = ({ columns }: { columns: DataSourceTable['columns'] }) => (
  <ul className="flex flex-col border-t">
    {columns.map((column) => (
      <li key={column.name} className="flex flex-wrap items-baseline gap-x-3 border-b px-3 py-1 text-row last:border-b-0">
        <span className="flex min-w-0 items-center gap-1 font-mono text-caption leading-5">
          <UntrustedText text={column.name} />
          {column.is_primary_key && <><KeyRound aria-hidden className="size-3 shrink-0 text-muted-foreground" /><span className="sr-only">part of the primary key</span></>}
        </span>
        <span className="text-caption text-muted-foreground"><UntrustedText text={column.type} />{!column.is_nullable && ', never null'}{column.references !== null && <>, refers to <UntrustedText text={column.references} /></>}</span>
        {column.comment !== null && <span className="w-full text-caption text-muted-foreground"><UntrustedText text={column.comment} /></span>}
      </li>
    ))}
  </ul>
);

/** Tables with their columns; those opened show them. Only opened ones are in the page: a database may have hundreds. */
const Table = ({ table }: { table: DataSourceTable }) => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details className="group rounded-control border" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="flex min-h-9 cursor-pointer flex-wrap items-center gap-x-2 px-3 py-1.5 max-sm:min-h-11">
        <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground group-open:rotate-90" />
        <span className="min-w-0 font-mono text-row font-medium"><UntrustedText text={table.name} /></span>
        <span className="tabular text-caption text-muted-foreground">
          {table.kind !== 'table' && `${humanize(table.kind)}, `}{countOf(table.columns.length, 'column')}{table.estimated_rows !== null && `, about ${formatInteger(table.estimated_rows)} ${table.estimated_rows === 1 ? 'row' : 'rows'}`}
        </span>
        {table.comment !== null && <span className="w-full pl-6 text-caption text-muted-foreground"><UntrustedText text={table.comment} /></span>}
      </summary>
      {isOpen && <Columns columns={table.columns} />}
    </details>
  );
};

/** What agents may read in a data source: its tables and their columns, as they are now. */
export const TablesSheet = ({ source, onClose }: { source: DataSource; onClose: () => void }) => {
  const [text, setText] = useState('');
  const query = useQuery({ ...apiQuery('listDataSourceTables', { params: { id: source.id } }), retry: false });
  const words = text.trim().toLowerCase();
  const shown = (query.data?.items ?? []).filter(({ name, columns }) => `${name} ${columns.map((column) => column.name).join(' ')}`.toLowerCase().includes(words));
  return (
    <Sheet open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <SheetContent>
        <div>
          <SheetTitle className="text-page wrap-anywhere">Tables of {source.name}</SheetTitle>
          <SheetDescription>What agents may read there, as the database says now. Models are given the same.</SheetDescription>
        </div>
        <Input type="search" aria-label="Table or column" placeholder="Table or column" value={text} onChange={(event) => setText(event.target.value)} />
        <DataBlock
          query={query}
          what="The tables"
          skeleton={<Skeleton className="h-64" />}
          isEmpty={() => shown.length === 0}
          isFiltered={words !== ''}
          empty={<EmptyState icon={Table2} title="There is nothing to read.">Its role may read no table there, or none of the tables that were named exists.</EmptyState>}
          emptyFiltered={<EmptyState icon={Table2} title={`No table or column matches “${text.trim()}”.`} />}
        >
          {({ is_truncated: isTruncated }) => (
            <>
              <div className="flex flex-col gap-2">{shown.map((table) => <Table key={table.name} table={table} />)}</div>
              <p className="text-caption text-muted-foreground">{countOf(shown.length, 'table')}{isTruncated && '; there are more than are listed'}</p>
            </>
          )}
        </DataBlock>
      </SheetContent>
    </Sheet>
  );
};
