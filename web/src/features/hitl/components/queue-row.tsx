import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { isUrgent } from '@/components/approval/time/countdown-marks.ts';
import { demandsOf, needsSeveral, progressOf } from '@/components/approval/terms/terms-words.ts';
import { useTimeLeft } from '@/components/approval/time/use-time-left.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
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

/** A waiting request in one row: risk, tool, what it does, whose it is, how long it has. One link, and a box that selects it where `onSelect` is given. */
export const QueueRow = ({ request, receivedAt, isOpen, isSelected, onSelect }: { request: ApprovalRequest; receivedAt: number; isOpen: boolean; isSelected: boolean; onSelect: (() => void) | undefined }) => {
  const needed = demandsOf(request);
  return (
    <li className={cn('flex border-l-2 transition-colors duration-120 hover:bg-muted', isOpen ? 'border-l-primary bg-primary/12' : 'border-l-transparent', isSelected && 'bg-primary/12')}>
      {onSelect !== undefined && (
        <span className="flex shrink-0 items-start pt-3.5 pr-1 pl-3 max-sm:pt-2.5">
          <Checkbox checked={isSelected} onCheckedChange={onSelect} aria-label={`Select ${request.tool_name}: ${request.effect_sentence}`} className="max-sm:size-6" />
        </span>
      )}
      <Link
        to="/hitl/$requestId"
        params={{ requestId: request.id }}
        search
        data-queue-row={request.id}
        aria-current={isOpen ? 'true' : undefined}
        className="flex min-w-0 flex-1 flex-col gap-1 px-3 py-2.5 -outline-offset-2 focus-visible:-outline-offset-2"
      >
        <span className="flex items-center gap-2">
          <RiskChip risk={request.risk_level} />
          <code className="min-w-0 flex-1 truncate text-row">{request.tool_name}</code>
          <TimeLeft request={request} receivedAt={receivedAt} />
        </span>
        <span className="line-clamp-2 text-row font-medium wrap-anywhere"><UntrustedText text={request.effect_sentence} /></span>
        <span className="flex min-w-0 flex-wrap items-center gap-x-2 text-caption text-muted-foreground">
          <span className="max-w-full truncate"><UntrustedText text={request.agent_name} /></span>
          {needsSeveral(request) && <span>{needed.map(progressOf).join(', ')}</span>}
          {request.concerns_me && <span className="font-medium text-foreground">for you</span>}
        </span>
      </Link>
    </li>
  );
};
