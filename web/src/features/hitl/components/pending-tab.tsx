import type { ReactNode } from 'react';
import type { ApprovalsSearch, OnApprovalsSearch } from '../search.ts';
import type { useQueue } from '../use-queue.ts';
import type { Selection } from '../use-selection.ts';
import { BulkBar } from './bulk-bar.tsx';
import { Filters } from './filters.tsx';
import { Queue } from './queue.tsx';
import { QueueFigures } from './queue-figures.tsx';

/** The queue with its figures and filters; on a wide screen the open request (`children`) beside it. */
export const PendingTab = ({ queue, search, onSearch, openId, selection, isSplit, children }: {
  queue: ReturnType<typeof useQueue>;
  search: ApprovalsSearch;
  onSearch: OnApprovalsSearch;
  openId: string | undefined;
  /** Absent for those who may not decide. */
  selection: Selection | undefined;
  isSplit: boolean;
  children: ReactNode;
}) => (
  <>
    <QueueFigures />
    <div className={isSplit ? 'grid grid-cols-[360px_minmax(0,1fr)] items-start gap-6' : ''}>
      <div className={isSplit ? 'sticky top-14 -m-1 max-h-[calc(100dvh-72px)] overflow-y-auto p-1' : ''}>
        <Filters search={search} onSearch={onSearch} hasOutcome={false} className="mb-3 grid grid-cols-3 gap-2" />
        <Queue queue={queue} search={search} onSearch={onSearch} openId={openId} selection={selection} />
        {selection !== undefined && <BulkBar chosen={queue.shown.filter(({ id }) => selection.ids.has(id))} onClear={selection.clear} />}
      </div>
      {isSplit && <div className="max-w-4xl min-w-0">{children}</div>}
    </div>
  </>
);
