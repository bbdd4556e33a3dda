import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HITLApprovalCard } from '@/components/approval/approval-card.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { useCan, useUser } from '@/lib/auth.tsx';
import { shortId } from '@/lib/format.ts';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { DesktopNoticesButton } from './components/desktop-notices-button.tsx';
import { Filters } from './components/filters.tsx';
import { LastDecision } from './components/last-decision.tsx';
import { Queue } from './components/queue.tsx';
import { historyColumns, historyQuery } from './history-export.ts';
import { neighbourOf } from './queue.ts';
import type { ApprovalsSearch, OnApprovalsSearch } from './search.ts';
import { useQueue } from './use-queue.ts';

// What waits is why the page is opened, on a phone over a slow line too.
const ExportMenu = lazy(() => import('@/components/export-menu.tsx').then((module) => ({ default: module.ExportMenu<ApprovalRequest> })));
const History = lazy(() => import('./components/history.tsx').then((module) => ({ default: module.History })));

const rowSelector = '[data-queue-row]';

/** Moves the focus in the queue; from elsewhere to the open row, else to the first. */
const moveInQueue = (step: 1 | -1): void => {
  const rows = [...document.querySelectorAll<HTMLElement>(rowSelector)];
  const current = rows.findIndex((row) => row === document.activeElement);
  const open = rows.findIndex((row) => row.getAttribute('aria-current') === 'true');
  rows[current >= 0 ? Math.min(rows.length - 1, Math.max(0, current + step)) : Math.max(0, open)]?.focus();
};

/** Approvals: what waits, what was decided, and one request in full. */
export const ApprovalsPage = ({ requestId, search, onSearch }: { requestId: string | undefined; search: ApprovalsSearch; onSearch: OnApprovalsSearch }) => {
  const isWide = useMediaQuery('(min-width: 1024px)');
  const user = useUser();
  const canDecide = useCan('approvals:decide');
  const navigate = useNavigate();
  const queue = useQueue(search);
  const [lastDecided, setLastDecided] = useState<string>();
  // Opened by the address or by the page itself, not by the reader: takes no focus.
  const [quietId, setQuietId] = useState(requestId);
  if (requestId !== undefined && quietId !== undefined && requestId !== quietId) setQuietId(undefined);
  const isHistory = search.tab === 'history';
  const isSplit = isWide && !isHistory;

  const open = (id: string, options: { replace?: boolean } = {}): void => void navigate({ to: '/hitl/$requestId', params: { requestId: id }, search: true, ...options });
  const close = (): void => void navigate({ to: '/hitl', search: true });

  // Follows the address: on a wide screen the most urgent request is open from the start, and stays open whatever arrives.
  const firstId = queue.query.isPlaceholderData ? undefined : queue.shown[0]?.id;
  useEffect(() => {
    if (!isSplit || requestId !== undefined || firstId === undefined) return;
    setQuietId(firstId);
    void navigate({ to: '/hitl/$requestId', params: { requestId: firstId }, search: true, replace: true });
  }, [isSplit, requestId, firstId, navigate]);

  useShortcuts({
    j: () => moveInQueue(1),
    k: () => moveInQueue(-1),
    ...(requestId === undefined ? {} : { Escape: () => (isSplit ? moveInQueue(1) : close()) }),
  });

  const waiting = [...queue.shown, ...queue.fresh];
  const onDecided = (settled: ApprovalRequest): void => {
    const next = neighbourOf(waiting, settled.id);
    if (next === undefined) return;
    if (queue.fresh.some(({ id }) => id === next.id)) queue.showAll();
    setLastDecided(settled.id);
    open(next.id);
  };
  const following = requestId === undefined ? undefined : neighbourOf(waiting.filter(({ id }) => id !== requestId), requestId);
  const hasNext = isSplit && requestId !== undefined && neighbourOf(waiting, requestId) !== undefined;

  const card = requestId !== undefined && (
    <>
      {lastDecided !== undefined && lastDecided !== requestId && <LastDecision requestId={lastDecided} />}
      {/* Another request is another card: nothing typed for one is ever sent for the other. */}
      <HITLApprovalCard key={requestId} requestId={requestId} hasShortcuts takesFocus={requestId !== quietId} {...(hasNext ? { onDecided } : {})} />
    </>
  );

  if (requestId !== undefined && !isSplit) {
    return (
      <div className="mx-auto max-w-3xl">
        <PageHeader
          title={`Approval ${shortId(requestId)}`}
          crumbs={[{ label: 'Approvals', to: '/hitl' }]}
          actions={<Button variant="outline" size="small" onClick={close}><ArrowLeft aria-hidden />{isHistory ? 'All decisions' : 'All requests'}</Button>}
        />
        {card}
        {!isHistory && following !== undefined && (
          <p className="mt-3 text-row">
            Next: <Link to="/hitl/$requestId" params={{ requestId: following.id }} search className="text-primary underline underline-offset-4 hover:no-underline">{following.effect_sentence}</Link>
          </p>
        )}
      </div>
    );
  }

  const exportAll = async (): Promise<ApprovalRequest[]> => {
    const items = await readAllPages('listApprovals', { query: historyQuery(search) });
    return search.mine === true ? items.filter((request) => request.started_by_id === user.id) : items;
  };
  return (
    <>
      <PageHeader
        title={requestId === undefined ? 'Approvals' : `Approval ${shortId(requestId)}`}
        heading="Approvals"
        crumbs={requestId === undefined ? [] : [{ label: 'Approvals', to: '/hitl' }]}
        actions={isHistory ? <Suspense fallback={null}><ExportMenu name="approvals" noun="decision" load={exportAll} columns={historyColumns} /></Suspense> : canDecide && <DesktopNoticesButton />}
      />
      <Tabs value={isHistory ? 'history' : 'pending'} onValueChange={(tab) => void navigate({ to: '/hitl', search: { ...search, tab: tab === 'history' ? 'history' : undefined } })}>
        <TabsList aria-label="Approvals">
          <TabsTrigger value="pending">Pending</TabsTrigger>
          <TabsTrigger value="history">History</TabsTrigger>
        </TabsList>
        <TabsContent value="pending" tabIndex={-1}>
          <div className={isSplit ? 'grid grid-cols-[360px_minmax(0,1fr)] items-start gap-6' : ''}>
            <div className={isSplit ? 'sticky top-14 -m-1 max-h-[calc(100dvh-72px)] overflow-y-auto p-1' : ''}>
              <Filters search={search} onSearch={onSearch} hasOutcome={false} className="mb-3 grid grid-cols-3 gap-2" />
              <Queue queue={queue} search={search} onSearch={onSearch} openId={requestId} />
            </div>
            {isSplit && <div className="max-w-4xl min-w-0">{card}</div>}
          </div>
        </TabsContent>
        <TabsContent value="history" tabIndex={-1}>
          <Filters search={search} onSearch={onSearch} hasOutcome className="mb-3 grid grid-cols-2 gap-2 sm:grid-cols-[repeat(4,minmax(0,12rem))]" />
          <Suspense fallback={<Skeleton className="h-96" />}><History search={search} onSearch={onSearch} /></Suspense>
        </TabsContent>
      </Tabs>
    </>
  );
};
