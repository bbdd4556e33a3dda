import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HITLApprovalCard } from '@/components/approval/approval-card.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { formatInteger, shortId } from '@/lib/format.ts';
import { LastDecision } from './components/last-decision.tsx';
import { PendingTab } from './components/pending-tab.tsx';
import { neighbourOf } from './queue.ts';
import { focusedRequest, moveInQueue } from './queue-focus.ts';
import type { ApprovalsSearch, OnApprovalsSearch } from './search.ts';
import { useQueue } from './use-queue.ts';
import { useSelection } from './use-selection.ts';

// What waits is why the page is opened, on a phone over a slow line too.
const HistoryExport = lazy(() => import('./components/history-export-menu.tsx').then((module) => ({ default: module.HistoryExportMenu })));
const History = lazy(() => import('./components/history.tsx').then((module) => ({ default: module.History })));
const Notifications = lazy(() => import('./components/notifications.tsx').then((module) => ({ default: module.Notifications })));

/** How many wait, beside the word of the tab. */
const PendingCount = () => {
  const { data } = useQuery(apiQuery('countApprovals'));
  return data === undefined || data.pending === 0 ? null : <Badge className="tabular">{formatInteger(data.pending)}</Badge>;
};

/** Approvals: what waits, what was decided, and one request in full. */
export const ApprovalsPage = ({ requestId, search, onSearch }: { requestId: string | undefined; search: ApprovalsSearch; onSearch: OnApprovalsSearch }) => {
  const isWide = useMediaQuery('(min-width: 1024px)');
  const canDecide = useCan('approvals:decide');
  const navigate = useNavigate();
  const queue = useQueue(search);
  const selection = useSelection();
  const [lastDecided, setLastDecided] = useState<string>();
  // Opened by the address or by the page itself, not by the reader: takes no focus.
  const [quietId, setQuietId] = useState(requestId);
  if (requestId !== undefined && quietId !== undefined && requestId !== quietId) setQuietId(undefined);
  const tab = search.tab ?? 'pending';
  const isSplit = isWide && tab === 'pending';

  const open = (id: string, options: { replace?: boolean } = {}): void => void navigate({ to: '/hitl/$requestId', params: { requestId: id }, search: true, ...options });
  const close = (): void => void navigate({ to: '/hitl', search: true });

  // Follows the address: on a wide screen the most urgent request is open from the start, and stays open whatever arrives.
  const firstId = queue.query.isPlaceholderData ? undefined : queue.shown[0]?.id;
  useEffect(() => {
    if (!isSplit || requestId !== undefined || firstId === undefined) return;
    setQuietId(firstId);
    void navigate({ to: '/hitl/$requestId', params: { requestId: firstId }, search: true, replace: true });
  }, [isSplit, requestId, firstId, navigate]);

  const waiting = [...queue.shown, ...queue.fresh];
  const hasSelection = waiting.some(({ id }) => selection.ids.has(id));
  const select = (): void => {
    const id = focusedRequest() ?? requestId;
    if (id !== undefined && queue.shown.some((request) => request.id === id)) selection.toggle(id);
  };
  useShortcuts({
    j: () => moveInQueue(1),
    k: () => moveInQueue(-1),
    ...(canDecide && tab === 'pending' ? { x: select } : {}),
    ...(hasSelection ? { Escape: selection.clear } : requestId === undefined ? {} : { Escape: () => (isSplit ? moveInQueue(1) : close()) }),
  });

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
          actions={<Button variant="outline" size="small" onClick={close}><ArrowLeft aria-hidden />{tab === 'history' ? 'All decisions' : 'All requests'}</Button>}
        />
        {card}
        {tab === 'pending' && following !== undefined && (
          <p className="mt-3 text-row wrap-anywhere">
            Next: <Link to="/hitl/$requestId" params={{ requestId: following.id }} search className="text-primary underline underline-offset-4 hover:no-underline">{following.effect_sentence}</Link>
          </p>
        )}
      </div>
    );
  }

  return (
    <>
      <PageHeader
        title={requestId === undefined ? 'Approvals' : `Approval ${shortId(requestId)}`}
        heading="Approvals"
        crumbs={requestId === undefined ? [] : [{ label: 'Approvals', to: '/hitl' }]}
        {...(tab === 'history' ? { actions: <Suspense fallback={null}><HistoryExport search={search} /></Suspense> } : {})}
      />
      <Tabs value={tab} onValueChange={(next) => void navigate({ to: '/hitl', search: { ...search, tab: next === 'history' || next === 'notifications' ? next : undefined } })}>
        <TabsList aria-label="Approvals">
          <TabsTrigger value="pending">Pending<PendingCount /></TabsTrigger>
          <TabsTrigger value="history">History</TabsTrigger>
          {canDecide && <TabsTrigger value="notifications">Notifications</TabsTrigger>}
        </TabsList>
        <TabsContent value="pending" tabIndex={-1}>
          <PendingTab queue={queue} search={search} onSearch={onSearch} openId={requestId} selection={canDecide ? selection : undefined} isSplit={isSplit}>{card}</PendingTab>
        </TabsContent>
        <TabsContent value="history" tabIndex={-1}>
          <Suspense fallback={<Skeleton className="h-96" />}><History search={search} onSearch={onSearch} /></Suspense>
        </TabsContent>
        <TabsContent value="notifications" tabIndex={-1}>
          <Suspense fallback={<Skeleton className="h-40 max-w-2xl" />}><Notifications /></Suspense>
        </TabsContent>
      </Tabs>
    </>
  );
};
