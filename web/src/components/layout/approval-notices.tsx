import type { MaestroEvent } from '@contracts/events.ts';
import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { toast } from 'sonner';
import { formatCountdown } from '@/lib/format.ts';
import { useLiveEvents } from '@/lib/live/live-provider.tsx';
import { announce } from './live-region.tsx';

type ApprovalRequested = Extract<MaestroEvent, { type: 'approval-requested' }>;

/** More than this many within the span become one notice. */
const groupAbove = 3;
const groupSpanMs = 10_000;
const groupId = 'approvals-grouped';

/** "Approval needed" on whatever page is open. Carries no arguments, and pressing it only opens the request. */
export const ApprovalNotices = () => {
  const navigate = useNavigate();
  const recent = useRef<{ id: string; at: number }[]>([]);

  const show = ({ at, data }: ApprovalRequested): void => {
    const now = Date.now();
    recent.current = [...recent.current.filter((one) => now - one.at < groupSpanMs), { id: data.approval_id, at: now }];
    const left = data.expires_at === null ? null : Date.parse(data.expires_at) - Date.parse(at);
    const title = `Approval needed: ${data.tool_name}`;
    if (recent.current.length > groupAbove) {
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
      description: [data.agent_name, left === null ? null : `${formatCountdown(left)} left`].filter(Boolean).join(' · '),
      duration: Infinity,
      action: { label: 'Review', onClick: () => void navigate({ to: '/hitl/$requestId', params: { requestId: data.approval_id } }) },
    });
    announce(`${title}, ${data.agent_name}`);
  };

  useLiveEvents((events) => {
    for (const event of events) {
      if (event.type === 'approval-requested') show(event);
      if (event.type === 'approval-settled') {
        toast.dismiss(event.data.approval_id);
        recent.current = recent.current.filter(({ id }) => id !== event.data.approval_id);
        if (recent.current.length === 0) toast.dismiss(groupId);
      }
    }
  });
  return null;
};
