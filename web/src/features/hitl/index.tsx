import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link, useNavigate } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { HITLApprovalCard } from '@/components/approval/approval-card.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useMediaQuery } from '@/hooks/use-media-query.ts';
import { useShortcuts } from '@/hooks/use-shortcuts.ts';
import { useCan } from '@/lib/auth.tsx';
import { shortId } from '@/lib/format.ts';
import { neighbourOf } from './queue.ts';
import { focusedRequest, moveInQueue } from './queue-focus.ts';
import type { ApprovalsSearch, OnApprovalsSearch } from './search.ts';
import { useQueue } from './use-queue.ts';
import { useSelection } from './use-selection.ts';

// On a phone a request is opened by its link: its page brings no list along.
const LastDecision = lazy(() => import('./components/last-decision.tsx').then((module) => ({ default: module.LastDecision })));
const ApprovalLists = lazy(() => import('./components/approval-lists.tsx').then((module) => ({ default: module.ApprovalLists })));

const ListsSkeleton = () => (
  <div aria-busy="true" className="flex flex-col gap-4">
    <Skeleton className="h-8 w-40" />
    <Skeleton className="h-9" />
    <Skeleton className="h-96" />
  </div>
);

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
      {lastDecided !== undefined && lastDecided !== requestId && <Suspense fallback={null}><LastDecision requestId={lastDecided} /></Suspense>}
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
    <Suspense fallback={<ListsSkeleton />}>
      <ApprovalLists tab={tab} requestId={requestId} search={search} onSearch={onSearch} queue={queue} selection={canDecide ? selection : undefined} isSplit={isSplit}>{card}</ApprovalLists>
    </Suspense>
  );
};
