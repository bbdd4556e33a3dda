import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { isUrgent } from '@/components/approval/countdown-marks.ts';
import { useTimeLeft } from '@/components/approval/use-time-left.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatCountdown } from '@/lib/format.ts';

const TimeLeft = ({ request, receivedAt }: { request: ApprovalRequest; receivedAt: number }) => {
  const left = useTimeLeft(request, receivedAt);
  if (left === null) return <span className="text-caption text-muted-foreground">no limit</span>;
  return (
    <span className={cn('tabular text-caption', left <= 0 ? 'font-semibold text-destructive' : isUrgent(left) ? 'font-semibold text-waiting-text' : 'text-muted-foreground')}>
      {left <= 0 ? 'time is up' : <>{formatCountdown(left)}<span className="sr-only"> left</span></>}
    </span>
  );
};

/** A waiting request in one row: risk, tool, what it does, whose it is, how long it has. One link. */
export const QueueRow = ({ request, receivedAt, isOpen }: { request: ApprovalRequest; receivedAt: number; isOpen: boolean }) => (
  <li>
    <Link
      to="/hitl/$requestId"
      params={{ requestId: request.id }}
      search
      data-queue-row={request.id}
      aria-current={isOpen ? 'true' : undefined}
      className={cn('flex flex-col gap-1 border-l-2 px-3 py-2.5 -outline-offset-2 transition-colors duration-120 hover:bg-muted focus-visible:-outline-offset-2', isOpen ? 'border-l-primary bg-primary/12' : 'border-l-transparent')}
    >
      <span className="flex items-center gap-2">
        <RiskChip risk={request.risk_level} />
        <code className="min-w-0 flex-1 truncate text-row">{request.tool_name}</code>
        <TimeLeft request={request} receivedAt={receivedAt} />
      </span>
      <span className="line-clamp-2 text-row font-medium"><UntrustedText text={request.effect_sentence} /></span>
      <span className="truncate text-caption text-muted-foreground"><UntrustedText text={request.agent_name} /></span>
    </Link>
  </li>
);
