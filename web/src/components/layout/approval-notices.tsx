import { maxPageSize } from '@contracts/pagination.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate, useRouter } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useNow } from '@/hooks/use-now.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { showDesktopNotice } from '@/lib/desktop-notices.ts';
import { formatCountdown } from '@/lib/format.ts';
import { useLiveEvents } from '@/lib/live/live-provider.tsx';
import { usePreferences } from '@/lib/preferences.ts';
import { announce } from './live-region.tsx';
import { addNotice, type ShownNotice } from './notice-groups.ts';
import { newsOf, type News, type Notice, toLookedUp, toNotice } from './notice-news.ts';
import { pendingApprovalsQuery, serverOffsetMs } from './pending-approvals.ts';

const groupId = 'approvals-grouped';

/** "14:59 left", counting; by the server's clock, which the list of the badge carries. */
const TimeLeft = ({ expiresAt }: { expiresAt: string }) => {
  const { data, dataUpdatedAt } = useQuery({ ...pendingApprovalsQuery(), enabled: false });
  const now = useNow(1000);
  const [first] = data?.items ?? [];
  const left = Date.parse(expiresAt) - now - (first === undefined ? 0 : serverOffsetMs(first, dataUpdatedAt));
  return <span className="tabular">{left > 0 ? `${formatCountdown(left)} left` : 'time is up'}</span>;
};

/** "Approval needed" on whatever page is open, for those who may decide and wish to hear of it. Carries no arguments, and pressing it only opens the request. */
export const ApprovalNotices = () => {
  const navigate = useNavigate();
  const router = useRouter();
  const queryClient = useQueryClient();
  const canDecide = useCan('approvals:decide');
  const { hasDesktopNotices } = usePreferences();
  const scope = useQuery({ ...apiQuery('getNoticePreferences'), enabled: canDecide, staleTime: 60_000 }).data?.in_app ?? 'all';
  const path = useLocation({ select: (location) => location.pathname });
  const recent = useRef<ShownNotice[]>([]);

  const openRequest = (requestId: string): void => void navigate({ to: '/hitl/$requestId', params: { requestId } });
  const openQueue = (): void => void navigate({ to: '/hitl' });
  const showMany = (count: number, latest: Notice): void => {
    const title = `${count} approvals needed`;
    for (const { id } of recent.current) toast.dismiss(id);
    toast.warning(title, { id: groupId, description: `Latest: ${latest.title.replace(/^[^:]*: /, '')} · ${latest.agentName}`, duration: Infinity, action: { label: 'Review', onClick: openQueue } });
    announce(title);
  };
  const show = (notice: Notice): void => {
    const { approvalId, title, agentName, expiresAt } = notice;
    const next = addNotice(recent.current, { id: approvalId, at: Date.now() });
    recent.current = next.recent;
    // Not the path of the last render: a look-up may have come between.
    const { pathname } = router.state.location;
    if (pathname === `/hitl/${approvalId}`) return;
    if (next.isGrouped) showDesktopNotice({ title: `${next.recent.length} approvals needed`, body: `Latest: ${agentName}`, tag: groupId, isWished: hasDesktopNotices, onPress: openQueue });
    else showDesktopNotice({ title, body: agentName, tag: approvalId, isWished: hasDesktopNotices, onPress: () => openRequest(approvalId) });
    // The run's own page shows the request itself, the queue beside an open request its pill: a notice would lie over their buttons.
    const isShownThere = pathname === `/maestro/runs/${notice.runId}` || ((pathname === '/hitl' || pathname.startsWith('/hitl/')) && matchMedia('(min-width: 1024px)').matches);
    if (isShownThere) {
      announce(`${title}, ${agentName}`);
      return;
    }
    if (next.isGrouped) {
      showMany(next.recent.length, notice);
      return;
    }
    toast.warning(title, {
      id: approvalId,
      description: <>{agentName}{expiresAt !== null && <> · <TimeLeft expiresAt={expiresAt} /></>}</>,
      duration: Infinity,
      action: { label: 'Review', onClick: () => openRequest(approvalId) },
    });
    announce(`${title}, ${agentName}`);
  };
  /** What the events do not say is read once for the whole batch. */
  const lookUp = async (news: readonly News[]): Promise<void> => {
    const mine = scope === 'mine' ? { mine: 'true' as const } : {};
    const { items } = await queryClient.fetchQuery({ ...apiQuery('listApprovals', { query: { status: 'pending', limit: maxPageSize, ...mine } }), staleTime: 0 });
    for (const notice of toLookedUp(news, items, scope)) show(notice);
  };
  const withdraw = (requestId: string): void => {
    toast.dismiss(requestId);
    recent.current = recent.current.filter(({ id }) => id !== requestId);
    if (recent.current.length === 0) toast.dismiss(groupId);
  };

  useLiveEvents((events) => {
    for (const event of events) if (event.type === 'approval-settled') withdraw(event.data.approval_id);
    if (!canDecide || scope === 'off') return;
    const unsaid: News[] = [];
    for (const news of newsOf(events)) {
      const notice = toNotice(news, scope);
      if (notice === undefined) unsaid.push(news);
      else show(notice);
    }
    // Whoever cannot be told now sees the badge, which keeps asking.
    if (unsaid.length > 0) void lookUp(unsaid).catch(() => undefined);
  });

  // What is open on the page needs no notice any more.
  useEffect(() => {
    if (path === '/hitl') toast.dismiss(groupId);
    const [, requestId] = /^\/hitl\/([^/]+)$/.exec(path) ?? [];
    if (requestId !== undefined) toast.dismiss(requestId);
  }, [path]);
  return null;
};
