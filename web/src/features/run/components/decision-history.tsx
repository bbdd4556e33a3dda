import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { ApprovalStatePill } from '@/components/approval-state-pill.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { Duration, RelativeTime } from '@/components/figures.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';

const Entry = ({ request }: { request: ApprovalRequest }) => {
  const { decision } = request;
  return (
    <li className="flex flex-col gap-1.5 border-b py-3 last:border-b-0">
      <div className="flex flex-wrap items-center gap-2">
        <ApprovalStatePill status={request.status} decision={decision} />
        <RiskChip risk={request.risk_level} />
        <Link to="/hitl/$requestId" params={{ requestId: request.id }} className="font-medium underline underline-offset-2 hover:no-underline">{request.tool_name}</Link>
        <span className="text-caption text-muted-foreground">iteration {request.iteration}</span>
      </div>
      <UntrustedText isBlock text={request.effect_sentence} className="text-row" />
      {decision === null ? (
        <p className="text-row text-muted-foreground">Asked <RelativeTime at={request.requested_at} />; nobody has decided yet.</p>
      ) : (
        <p className="text-row text-muted-foreground">
          <span className="text-foreground">{decision.decided_by.name}</span> decided <RelativeTime at={decision.decided_at} />, after <Duration ms={decision.time_to_decide_ms} />
          {decision.door === 'temporal_signal' && ', with a Temporal signal'}
        </p>
      )}
      {decision?.edited_arguments != null && <p className="text-row text-muted-foreground">The arguments were changed before it ran.</p>}
      {decision?.note != null && decision.note !== '' && (
        <blockquote className="border-l-2 border-input pl-3 text-row"><UntrustedText isBlock text={decision.note} /></blockquote>
      )}
    </li>
  );
};

interface Reading {
  data: { items: ApprovalRequest[] } | undefined;
  error: unknown;
  isFetching: boolean;
  refetch: () => unknown;
}

/** Who decided what about this run's risky calls. */
export const DecisionHistory = ({ query }: { query: Reading }) => (
  <DataBlock
    query={query}
    what="Decisions"
    skeleton={<Skeleton className="h-24" />}
    isEmpty={({ items }) => items.length === 0}
    empty={<p className="py-2 text-row text-muted-foreground">No call of this run needed a person.</p>}
  >
    {({ items }) => <ul>{items.map((request) => <Entry key={request.id} request={request} />)}</ul>}
  </DataBlock>
);
