import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentenceOf } from '@/lib/api-error.ts';
import { ErrorPanel } from './error-panel.tsx';
import { Button } from './ui/button.tsx';

/** The parts of a query result this block reads; any TanStack Query result fits. */
interface Reading<Data> {
  data: Data | undefined;
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

/**
 * One block of data in exactly one of its states: loading (skeleton of the final size, after 150 ms), never had data,
 * nothing after filtering, failed, or the data; when a refresh fails the last good data stays, marked as stale.
 */
export const DataBlock = <Data,>({
  query,
  what,
  skeleton,
  isEmpty,
  isFiltered = false,
  empty,
  emptyFiltered,
  children,
}: {
  query: Reading<Data>;
  /** Plural noun of the data for sentences: "Agents". */
  what: string;
  skeleton: ReactNode;
  isEmpty?: (data: Data) => boolean;
  isFiltered?: boolean;
  empty?: ReactNode;
  emptyFiltered?: ReactNode;
  children: (data: Data) => ReactNode;
}) => {
  const { data, error, isFetching, refetch } = query;
  const retry = (): void => void refetch();
  if (data === undefined) {
    if (error !== null && error !== undefined) return <ErrorPanel what={what} error={error} onRetry={retry} isRetrying={isFetching} />;
    return (
      <div aria-busy="true">
        <span className="sr-only">{what} are loading</span>
        {skeleton}
      </div>
    );
  }
  const isStale = error !== null && error !== undefined;
  const isNothing = isEmpty?.(data) ?? false;
  return (
    <>
      {isStale && (
        <div role="status" className="mb-3 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-waiting-tint px-3 py-1.5 text-row text-waiting-text">
          <TriangleAlert aria-hidden className="size-4 shrink-0" />
          <span className="flex-1">Not up to date: {sentenceOf(error)}</span>
          <Button variant="link" size="inline" className="text-waiting-text" onClick={retry} isBusy={isFetching}>Retry</Button>
        </div>
      )}
      {isNothing ? (isFiltered ? (emptyFiltered ?? empty) : empty) : children(data)}
    </>
  );
};
