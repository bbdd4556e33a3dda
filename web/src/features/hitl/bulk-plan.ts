import type { ApprovalRequest } from '@contracts/approvals.ts';
import { isRiskAtLeast } from '@contracts/tools.ts';

type Candidate = Pick<ApprovalRequest, 'id' | 'kind' | 'tool_name' | 'risk_level' | 'matched_rules' | 'original_arguments' | 'can_decide'>;

/** Most requests approved together. */
export const maxBulkApprovals = 20;

const ruleOf = ({ matched_rules: rules }: Candidate): string => rules.map(({ id }) => id).toSorted().join(' ');

/** Why a request is never approved together with others; undefined: it may be. */
export const whyAlone = (request: Candidate): string | undefined => {
  if (isRiskAtLeast(request.risk_level, 'HIGH')) return `${request.risk_level} is approved one by one, after its arguments are read`;
  if (request.kind === 'question') return 'a question is answered, not approved';
  if (request.kind === 'outcome_unknown') return 'whether it happened is decided one by one';
  if (request.original_arguments !== null) return 'it was edited, and is approved one by one';
  return request.can_decide.is_allowed ? undefined : (request.can_decide.reason ?? 'it is for others to decide');
};

/**
 * Which of the chosen requests can be approved together: of one tool, asked by the same policies, at most {@link maxBulkApprovals}. The
 * first one that can be sets tool and policies.
 */
export const planBulkApproval = <Request extends Candidate>(chosen: readonly Request[]): { together: Request[]; alone: { request: Request; why: string }[] } => {
  const together: Request[] = [];
  const alone: { request: Request; why: string }[] = [];
  for (const request of chosen) {
    const [first] = together;
    const why = whyAlone(request)
      ?? (first !== undefined && first.tool_name !== request.tool_name ? `another tool than ${first.tool_name}` : undefined)
      ?? (first !== undefined && ruleOf(first) !== ruleOf(request) ? 'asked by other policies' : undefined)
      ?? (together.length >= maxBulkApprovals ? `more than ${maxBulkApprovals} at once` : undefined);
    if (why === undefined) together.push(request);
    else alone.push({ request, why });
  }
  return { together, alone };
};
