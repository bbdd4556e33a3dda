import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, shortId } from '@/lib/format.ts';
import { approvalLooks } from '../approval-state-pill.tsx';
import { RelativeTime } from '../figures.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { LongText } from './long-text.tsx';

const linkClass = 'text-primary underline underline-offset-4 hover:no-underline';

/** What this run asked before with the same tool, so that a second try after a rejection is seen as one. */
const AskedBefore = ({ request }: { request: ApprovalRequest }) => {
  const { data } = useQuery(apiQuery('listApprovals', { query: { run_id: request.run_id, tool_name: request.tool_name } }));
  const earlier = data?.items.filter((one) => one.id !== request.id && Date.parse(one.requested_at) < Date.parse(request.requested_at)) ?? [];
  if (earlier.length === 0) return null;
  return (
    <>
      <dt className="text-caption font-medium text-muted-foreground">Asked before</dt>
      <dd className="min-w-0">
        {countOf(earlier.length, 'time')} in this run:{' '}
        {earlier.map((one, index) => (
          <span key={one.id}>
            {index > 0 && ', '}
            <Link to="/hitl/$requestId" params={{ requestId: one.id }} className={linkClass}>{approvalLooks[one.status].word.toLowerCase()}</Link>
            {one.decision !== null && <> <RelativeTime at={one.decision.decided_at} /></>}
          </span>
        ))}
      </dd>
    </>
  );
};

/** Where a request comes from: goal, agent, who started the run, and the run itself. */
export const ApprovalContext = ({ request }: { request: ApprovalRequest }) => (
  <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5 text-row">
    <dt className="text-caption font-medium text-muted-foreground">Goal</dt>
    <dd className="min-w-0">{request.goal.length > 400 ? <LongText text={request.goal} label="goal" /> : <UntrustedText text={request.goal} />}</dd>
    <dt className="text-caption font-medium text-muted-foreground">Agent</dt>
    <dd className="min-w-0"><Link to="/maestro/agents/$agentId" params={{ agentId: request.agent_id }} className={linkClass}><UntrustedText text={request.agent_name} /></Link></dd>
    <dt className="text-caption font-medium text-muted-foreground">Started by</dt>
    <dd className="min-w-0">{request.started_by === null ? 'Nobody is recorded' : <UntrustedText text={request.started_by} />}</dd>
    <dt className="text-caption font-medium text-muted-foreground">Run</dt>
    <dd className="min-w-0">
      <Link to="/maestro/runs/$runId" params={{ runId: request.run_id }} className={linkClass}>Run {shortId(request.run_id)}</Link>, iteration {request.iteration}
    </dd>
    <dt className="text-caption font-medium text-muted-foreground">Asked</dt>
    <dd className="min-w-0"><RelativeTime at={request.requested_at} /></dd>
    <AskedBefore request={request} />
  </dl>
);
