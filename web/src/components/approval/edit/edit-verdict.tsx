import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { JudgedCall } from '@contracts/policies.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '@/lib/api-client.ts';
import { RiskChip } from '../../risk-chip.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import type { Arguments } from '../arguments/argument-items.ts';
import { wordsOfApprovers } from '../terms/terms-words.ts';

const names = (rules: JudgedCall['matched_rules']): string => rules.map(({ name, id }) => name ?? id).join(', ');

const sentenceOf = ({ verdict, misfit, matched_rules: rules, terms }: JudgedCall): string => {
  if (misfit !== null) return `The tool would not take it: ${misfit}`;
  const by = rules.length === 0 ? '' : ` (${names(rules)})`;
  if (verdict === 'deny') return `The policies would block the edited call${by}.`;
  if (verdict === 'allow') return `The policies would let the edited call run without asking anybody${by}.`;
  const who = terms?.requirements.map(({ quorum, approvers }) => `${quorum} of ${wordsOfApprovers(approvers)}`).join(' and ') ?? '';
  return `The edited call needs ${who === '' ? 'one decision of anybody who may decide' : `approval by ${who}`}${by}.`;
};

/** What the policies say to the edited call as they stand now; the server judges it anew when it is decided. */
export const EditVerdict = ({ request, edited }: { request: ApprovalRequest; edited: Arguments }) => {
  const { data } = useQuery({
    queryKey: ['tryCall', request.agent_id, request.tool_name, JSON.stringify(edited)],
    queryFn: ({ signal }) => api.call('tryCall', { body: { agent_id: request.agent_id, tool_name: request.tool_name, arguments: edited as never }, signal }),
    retry: false,
  });
  const isRefused = data !== undefined && (data.verdict === 'deny' || data.misfit !== null);
  return (
    <div className="flex flex-col gap-1 text-row" aria-live="polite">
      {data !== undefined && <p className={isRefused ? 'flex flex-wrap items-center gap-2 font-medium text-destructive' : 'flex flex-wrap items-center gap-2'}><RiskChip risk={data.risk_level} /><UntrustedText text={sentenceOf(data)} /></p>}
      <p className="text-muted-foreground">The edited call is judged by the policies again before it runs. It may be blocked, or need others to approve it.</p>
    </div>
  );
};
