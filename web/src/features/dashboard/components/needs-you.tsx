import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { isUrgent } from '@/components/approval/time/countdown-marks.ts';
import { useTimeLeft } from '@/components/approval/time/use-time-left.ts';
import { DataBlock } from '@/components/data-block.tsx';
import { pendingApprovalsQuery } from '@/components/layout/pending-approvals.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useCan } from '@/lib/auth.tsx';
import { cn } from '@/lib/cn.ts';
import { formatCountdown } from '@/lib/format.ts';

const shownAtMost = 5;

const TimeLeft = ({ request, receivedAt }: { request: ApprovalRequest; receivedAt: number }) => {
  const left = useTimeLeft(request, receivedAt);
  if (left === null) return <span>no end</span>;
  return <span role="timer" className={cn('tabular', isUrgent(left) && 'font-semibold text-waiting-text')}>{left <= 0 ? 'time is up' : `${formatCountdown(left)} left`}</span>;
};

const Request = ({ request, receivedAt, canDecide }: { request: ApprovalRequest; receivedAt: number; canDecide: boolean }) => (
  <li className="flex items-center gap-3 border-b py-2 last:border-b-0">
    <div className="min-w-0 flex-1">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <RiskChip risk={request.risk_level} />
        <span className="font-mono text-row font-medium">{request.tool_name}</span>
        <span className="text-caption text-muted-foreground"><TimeLeft request={request} receivedAt={receivedAt} /></span>
      </p>
      <p className="truncate text-caption text-muted-foreground">{request.agent_name}</p>
    </div>
    <Button size="small" variant={canDecide ? 'primary' : 'outline'} asChild>
      <Link to="/hitl/$requestId" params={{ requestId: request.id }} aria-label={`${canDecide ? 'Review' : 'View'} ${request.tool_name} of ${request.agent_name}`}>{canDecide ? 'Review' : 'View'}</Link>
    </Button>
  </li>
);

/** What waits for a person, the nearest end first. */
export const NeedsYou = () => {
  const pending = useQuery(pendingApprovalsQuery());
  const canDecide = useCan('approvals:decide');
  return (
    <Card aria-labelledby="needs-you">
      <CardHeader>
        <CardTitle id="needs-you">{canDecide ? 'Needs you' : 'Waits for an approver'}</CardTitle>
        {pending.data !== undefined && pending.data.items.length > 0 && (
          <Link to="/hitl" className="text-row text-primary underline underline-offset-4">{pending.data.next_cursor !== null || pending.data.items.length > shownAtMost ? `All ${pending.data.next_cursor !== null ? 'approvals' : pending.data.items.length}` : 'Approvals'}</Link>
        )}
      </CardHeader>
      <CardContent className="pt-0 pb-2">
        <DataBlock
          query={pending}
          what="Approvals"
          skeleton={<Skeleton className="h-24" />}
          isEmpty={({ items }) => items.length === 0}
          empty={<p className="flex min-h-12 items-center gap-2 text-body"><CircleCheck aria-hidden className="size-4 text-completed-text" />{canDecide ? 'Nothing waits for you.' : 'Nothing waits for approval.'}</p>}
        >
          {({ items }) => <ol>{items.slice(0, shownAtMost).map((request) => <Request key={request.id} request={request} receivedAt={pending.dataUpdatedAt} canDecide={canDecide} />)}</ol>}
        </DataBlock>
      </CardContent>
    </Card>
  );
};
