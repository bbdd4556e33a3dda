import { UntrustedText } from '@/components/untrusted-text.tsx';
import { formatInteger } from '@/lib/format.ts';
import type { SourceOutput } from './output-shapes.ts';

/** Tables of a data source with their columns. */
export const SourceView = ({ output }: { output: SourceOutput }) => (
  <>
    {output.tables.length === 0 && <p className="text-row text-muted-foreground">There is no table to read.</p>}
    {output.tables.map((table, index) => (
      <section key={index} aria-label={table.name} className="flex min-w-0 flex-col gap-1 border-b pb-3 last:border-b-0 last:pb-0">
        <h3 className="text-row font-medium">
          <UntrustedText text={table.name} />
          <span className="ml-2 text-caption font-normal text-muted-foreground">
            {[table.kind == null || table.kind === 'table' ? [] : table.kind.replaceAll('_', ' '), table.estimated_rows == null ? [] : `about ${formatInteger(table.estimated_rows)} rows`].flat().join(', ')}
          </span>
        </h3>
        {table.comment != null && <UntrustedText isBlock text={table.comment} className="text-caption text-muted-foreground" />}
        <dl className="grid grid-cols-[minmax(0,auto)_minmax(0,1fr)] gap-x-4 text-row">
          {table.columns.map((column, at) => (
            <div key={at} className="contents">
              <dt className="font-mono text-caption leading-5"><UntrustedText text={column.name} /></dt>
              <dd className="min-w-0 text-caption leading-5 text-muted-foreground">
                {column.type}
                {column.primary_key === true && ', primary key'}
                {column.nullable === false && column.primary_key !== true && ', never null'}
                {column.references != null && <>, refers to <UntrustedText text={column.references} /></>}
                {column.comment != null && <>: <UntrustedText text={column.comment} /></>}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    ))}
    {output.truncated === true && (
      <p className="text-row text-waiting-text">
        More was left out: the limit was reached.{output.more_tables !== undefined && output.more_tables.length > 0 && <> Also there: <UntrustedText text={output.more_tables.join(', ')} /></>}
      </p>
    )}
  </>
);
