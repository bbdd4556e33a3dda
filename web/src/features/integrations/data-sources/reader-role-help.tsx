import { CopyButton } from '@/components/copy-button.tsx';

/** The SQL that makes a role which may only read, to copy. */
export const ReaderRoleHelp = ({ sql }: { sql: string }) => (
  <details className="text-row">
    <summary className="min-h-6 cursor-pointer text-muted-foreground max-sm:min-h-11 max-sm:leading-11">SQL for a role that may only read</summary>
    <p className="mt-1 text-muted-foreground">Run it in that database as its administrator, then use <code>maestro_reader</code> and its password here.</p>
    <div className="relative mt-1 rounded-control border bg-muted">
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre tabIndex={0} role="region" aria-label="SQL for a role that may only read" className="overflow-x-auto p-3 pr-12 text-caption">{sql}</pre>
      <CopyButton text={sql} label="Copy the SQL" className="absolute top-1 right-1 bg-muted" />
    </div>
  </details>
);
