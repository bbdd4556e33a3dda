import type { Step } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import { JsonView } from '@/components/json-view.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { humanize } from '@/lib/format.ts';
import { checkOf } from './step-bodies.ts';

/** How the call of this step was judged: risk, verdict, rules, policy version, and the facts they saw. */
export const StepSafety = ({ safetyStep }: { safetyStep: Step | undefined }) => {
  if (safetyStep === undefined) return <p className="text-row text-muted-foreground">Only tool calls are checked; this step called none.</p>;
  const check = checkOf(safetyStep);
  if (check === null) {
    return <p className="text-row text-muted-foreground">{safetyStep.is_shortened ? 'The record of this check is too large for the list: open the safety step itself.' : safetyStep.status === 'running' ? 'The check is under way.' : 'The details of this check were not kept.'}</p>;
  }
  return (
    <div className="flex flex-col gap-4 text-row">
      <div className="flex flex-wrap items-center gap-2">
        {check.risk_level != null && <RiskChip risk={check.risk_level} />}
        <strong>{humanize(check.verdict)}</strong>
      </div>
      {check.reason != null && <UntrustedText isBlock text={check.reason} />}
      <section className="flex flex-col gap-1">
        <h3 className="text-caption font-medium text-muted-foreground">Rules that matched</h3>
        {check.matched_rules.length === 0 ? <p>None: what no rule names is decided by its risk.</p> : (
          <ul className="flex flex-col gap-1">
            {check.matched_rules.map((rule) => <li key={rule.id}><code>{rule.id}</code>: {rule.description}</li>)}
          </ul>
        )}
        {check.policy_version != null && <p className="text-muted-foreground">Policy version <Link to="/governance" className="underline underline-offset-2"><code>{check.policy_version}</code></Link></p>}
      </section>
      {Object.keys(check.facts).length > 0 && (
        <section className="flex flex-col gap-1">
          <h3 className="text-caption font-medium text-muted-foreground">Facts it was judged by</h3>
          <JsonView value={check.facts} label="facts" />
        </section>
      )}
    </div>
  );
};
