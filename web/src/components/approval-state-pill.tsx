import { type ApprovalRequest, type ApprovalStatus, wordsOfOutcome } from '@contracts/approvals.ts';
import { AlarmClockOff, Ban, CircleCheck, type LucideIcon, PencilLine, ShieldQuestion, ShieldX } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { humanize } from '@/lib/format.ts';
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

/** How a request stands, in a word or two: what was done by hand is not called approved. */
export const wordOf = ({ status, decision }: Pick<ApprovalRequest, 'status' | 'decision'>): string => (decision === null ? approvalLooks[status].word : humanize(wordsOfOutcome(status, decision.verdict)));

/** @param decision how it was settled, where that is known. */
export const ApprovalStatePill = ({ status, decision = null, className }: { status: ApprovalStatus; decision?: ApprovalRequest['decision']; className?: string }) => {
  const { icon: Icon, tint } = approvalLooks[status];
  return (
    <span data-slot="pill" className={cn(pillClass, tint, className)}>
      <Icon aria-hidden className="size-3.5" />
      {wordOf({ status, decision })}
    </span>
  );
};
