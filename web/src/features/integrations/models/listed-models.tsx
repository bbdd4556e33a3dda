import type { Connection } from '@contracts/connections.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatInteger } from '@/lib/format.ts';

const List = ({ id }: { id: string }) => {
  const models = useQuery({ ...apiQuery('listConnectionModels', { params: { id } }), staleTime: 60_000 });
  if (models.data === undefined) return models.isError ? <ErrorPanel what="The models" error={models.error} onRetry={() => void models.refetch()} isRetrying={models.isFetching} /> : <Skeleton className="h-16" />;
  const { items, error, fetched_at: fetchedAt } = models.data;
  return (
    <>
      {error !== null && <p className="text-row text-waiting-text"><UntrustedText text={error.message} /></p>}
      {error === null && items.length === 0 && <p className="text-row text-muted-foreground">The server lists no models. Any name it knows can be typed into an agent.</p>}
      {items.length > 0 && (
        <ul aria-label="Models" tabIndex={0} className="flex max-h-48 flex-col overflow-y-auto text-row">
          {items.map((model) => (
            <li key={model.id} className="flex flex-wrap justify-between gap-x-3 border-b py-1 last:border-b-0">
              <span className="min-w-0 font-mono text-caption leading-5"><UntrustedText text={model.id} /></span>
              {model.context_window !== null && <span className="tabular text-caption leading-5 text-muted-foreground">{formatInteger(model.context_window)} tokens</span>}
            </li>
          ))}
        </ul>
      )}
      {fetchedAt !== null && <p className="mt-1 text-caption text-muted-foreground">Read <RelativeTime at={fetchedAt} /></p>}
    </>
  );
};

/** The models a server lists, asked for when somebody looks. */
export const ListedModels = ({ connection }: { connection: Connection }) => {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="min-h-6 cursor-pointer text-row text-muted-foreground max-sm:min-h-11 max-sm:leading-11">Models it lists</summary>
      {isOpen && <div className="mt-1"><List id={connection.id} /></div>}
    </details>
  );
};
