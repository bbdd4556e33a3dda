import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ApprovalStatePill } from '@/components/approval-state-pill.tsx';
import { DecisionStages } from '@/components/approval/decision/decision-stages.tsx';
import { takeUpPollMs } from '@/components/approval/decision/take-up-poll.ts';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';

/** What became of the decision made just before, above the next request: recorded, taken up, with the way to its run. */
export const LastDecision = ({ requestId }: { requestId: string }) => {
  const { data } = useQuery({
    ...apiQuery('getApproval', { params: { id: requestId } }),
    refetchInterval: ({ state }) => (state.data === undefined ? false : takeUpPollMs(state.data, Date.now() - state.dataUpdatedAt)),
  });
  if (data === undefined || data.decision === null) return null;
  return (
    <section aria-label="Your last decision" className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-1 rounded-card border bg-card px-4 py-2 text-row">
      <ApprovalStatePill status={data.status} decision={data.decision} />
      <span className="min-w-64 flex-1 truncate max-sm:min-w-0 max-sm:basis-full"><UntrustedText text={data.effect_sentence} /></span>
      <DecisionStages stage={data.decision.taken_up_at === null ? 'recorded' : 'taken_up'} />
      <Link to="/maestro/runs/$runId" params={{ runId: data.run_id }} className="text-primary underline underline-offset-4 hover:no-underline">Open the run</Link>
    </section>
  );
};
