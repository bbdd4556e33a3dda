import type { MaestroEvent } from '@contracts/events.ts';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { useNow } from '@/hooks/use-now.ts';
import { useCan } from '@/lib/auth.tsx';
import { showDesktopNotice } from '@/lib/desktop-notices.ts';
import { formatCountdown } from '@/lib/format.ts';
import { useLiveEvents } from '@/lib/live/live-provider.tsx';
import { usePreferences } from '@/lib/preferences.ts';
import { announce } from './live-region.tsx';
import { addNotice, type ShownNotice, stillOpen } from './notice-groups.ts';
import { pendingApprovalsQuery, serverOffsetMs } from './pending-approvals.ts';

type ApprovalRequested = Extract<MaestroEvent, { type: 'approval-requested' }>;

const groupId = 'approvals-grouped';

/** "14:59 left", counting; by the server's clock, which the list of the badge carries. */
const TimeLeft = ({ expiresAt }: { expiresAt: string }) => {
  const { data, dataUpdatedAt } = useQuery({ ...pendingApprovalsQuery(), enabled: false });
  const now = useNow(1000);
  const [first] = data?.items ?? [];
  const left = Date.parse(expiresAt) - now - (first === undefined ? 0 : serverOffsetMs(first, dataUpdatedAt));
  return <span className="tabular">{left > 0 ? `${formatCountdown(left)} left` : 'time is up'}</span>;
};

/** "Approval needed" on whatever page is open, for those who may decide. Carries no arguments, and pressing it only opens the request. */
export const ApprovalNotices = () => {
  const navigate = useNavigate();
  const canDecide = useCan('approvals:decide');
  const { hasDesktopNotices } = usePreferences();
  const path = useLocation({ select: (location) => location.pathname });
  const recent = useRef<ShownNotice[]>([]);

  const openRequest = (requestId: string): void => void navigate({ to: '/hitl/$requestId', params: { requestId } });
  const show = ({ data, run_id: runId }: ApprovalRequested): void => {
    const next = addNotice(recent.current, { id: data.approval_id, at: Date.now() });
    recent.current = next.recent;
    if (path === `/hitl/${data.approval_id}`) return;
    const title = `Approval needed: ${data.tool_name}`;
    showDesktopNotice({ title, body: data.agent_name, tag: data.approval_id, isWished: hasDesktopNotices, onPress: () => openRequest(data.approval_id) });
    // The run's own page shows the request itself, the queue beside an open request its pill: a notice would lie over their buttons.
    const isShownThere = path === `/maestro/runs/${runId}` || ((path === '/hitl' || path.startsWith('/hitl/')) && matchMedia('(min-width: 1024px)').matches);
    if (isShownThere) {
      announce(`${title}, ${data.agent_name}`);
      return;
    }
    if (next.isGrouped) {
      for (const { id } of recent.current) toast.dismiss(id);
      toast.warning(`${recent.current.length} approvals needed`, {
        id: groupId,
        description: `Latest: ${data.tool_name} · ${data.agent_name}`,
        duration: Infinity,
        action: { label: 'Review', onClick: () => void navigate({ to: '/hitl' }) },
      });
      announce(`${recent.current.length} approvals needed`);
      return;
    }
    toast.warning(title, {
      id: data.approval_id,
      description: <>{data.agent_name}{data.expires_at !== null && <> · <TimeLeft expiresAt={data.expires_at} /></>}</>,
      duration: Infinity,
      action: { label: 'Review', onClick: () => openRequest(data.approval_id) },
    });
    announce(`${title}, ${data.agent_name}`);
  };
  const withdraw = (requestId: string): void => {
    toast.dismiss(requestId);
    recent.current = recent.current.filter(({ id }) => id !== requestId);
    if (recent.current.length === 0) toast.dismiss(groupId);
  };

  useLiveEvents((events) => {
    for (const event of events) if (event.type === 'approval-settled') withdraw(event.data.approval_id);
    if (canDecide) for (const event of stillOpen<ApprovalRequested>(events)) show(event);
  });

  // What is open on the page needs no notice any more.
  useEffect(() => {
    if (path === '/hitl') toast.dismiss(groupId);
    const [, requestId] = /^\/hitl\/([^/]+)$/.exec(path) ?? [];
    if (requestId !== undefined) toast.dismiss(requestId);
  }, [path]);
  return null;
};
