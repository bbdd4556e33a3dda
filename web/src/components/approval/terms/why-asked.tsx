import type { ApprovalRequest, MatchedRule } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { RiskChip } from '../../risk-chip.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { ApprovalTermsView } from './terms-view.tsx';

const linkClass = 'underline underline-offset-4 hover:no-underline';

/** `reason` is said already: not once more. */
const Rule = ({ rule: { id, name, version, description }, reason }: { rule: MatchedRule; reason: string }) => (
  <li>
    <Link to="/governance" search={{ policy: id }} className={linkClass}>{name ?? id}</Link>
    {version !== undefined && ` (version ${version})`}
    {!reason.includes(description) && <>: {description}</>}
  </li>
);

/** Why a person is asked: what has drifted, the risk, the policies that decided, and who has to say yes. */
export const WhyAsked = ({ request }: { request: ApprovalRequest }) => (
  <>
    {request.drift_reason !== null && (
      <p className="flex items-start gap-2 rounded-control bg-waiting-tint p-2.5 text-row text-waiting-text">
        <RotateCw aria-hidden className="mt-0.5 size-4 shrink-0" />
        <span>It was approved before and is asked again because <UntrustedText text={request.drift_reason} /></span>
      </p>
    )}
    {/* An agent that asks does nothing yet: there is no risk to tell, and the policies let it ask. */}
    {request.kind === 'question' ? <p className="text-row">The agent cannot go on without an answer.</p> : (
      <div className="flex items-start gap-2 text-row">
        <RiskChip risk={request.risk_level} />
        {request.kind === 'tool_call' && <span className="min-w-0 pt-0.5"><UntrustedText text={request.reason} /></span>}
      </div>
    )}
    {request.kind !== 'question' && request.matched_rules.length > 0 && (
      <ul aria-label="Policies that decided" className="flex list-disc flex-col gap-0.5 pl-4 text-row">{request.matched_rules.map((rule) => <Rule key={rule.id} rule={rule} reason={request.reason} />)}</ul>
    )}
    <ApprovalTermsView request={request} />
    <p className="text-caption text-muted-foreground">
      {request.matched_rules.length === 0 && 'No policy matched · '}Judged by <Link to="/governance" className={linkClass}>policy set {request.policy_version}</Link>
    </p>
  </>
);
