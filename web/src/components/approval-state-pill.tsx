import type { ApprovalStatus } from '@contracts/approvals.ts';
import { AlarmClockOff, Ban, CircleCheck, type LucideIcon, PencilLine, ShieldQuestion, ShieldX } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { pillClass } from './state-pill.tsx';

/** How approval states look and what they are called. */
export const approvalLooks: Record<ApprovalStatus, { word: string; icon: LucideIcon; tint: string }> = {
  pending: { word: 'Pending', icon: ShieldQuestion, tint: 'bg-waiting-tint text-waiting-text' },
  approved: { word: 'Approved', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  approved_with_edits: { word: 'Approved with edits', icon: PencilLine, tint: 'bg-completed-tint text-completed-text' },
  rejected: { word: 'Rejected', icon: ShieldX, tint: 'bg-failed-tint text-failed-text' },
  expired: { word: 'Expired', icon: AlarmClockOff, tint: 'bg-timed-out-tint text-timed-out-text' },
  withdrawn: { word: 'Withdrawn', icon: Ban, tint: 'bg-queued-tint text-queued-text' },
};

export const ApprovalStatePill = ({ status, className }: { status: ApprovalStatus; className?: string }) => {
  const { word, icon: Icon, tint } = approvalLooks[status];
  return (
    <span data-slot="pill" className={cn(pillClass, tint, className)}>
      <Icon aria-hidden className="size-3.5" />
      {word}
    </span>
  );
};
