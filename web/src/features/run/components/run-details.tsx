import type { Run } from '@contracts/runs.ts';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { formatDuration, formatInteger, formatMoney } from '@/lib/format.ts';

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-caption leading-5 text-muted-foreground">{label}</dt>
    <dd className="min-w-0 wrap-anywhere">{children}</dd>
  </>
);

/** What the run was given and bound to: goal, inputs, limits, ids. */
export const RunDetails = ({ run }: { run: Run }) => (
  <div className="flex flex-col gap-4 text-row">
    {run.inputs.data !== undefined && <JsonView value={run.inputs.data} label="inputs" />}
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
      <Fact label="Goal"><UntrustedText isBlock text={run.goal} /></Fact>
      <Fact label="Agent">{run.agent_name}, version {run.agent_version}</Fact>
      <Fact label="Model">{run.llm_provider === 'scripted' ? `${run.llm_model} (scripted: no model is called)` : `${run.llm_model} by ${run.llm_provider}`}</Fact>
      <Fact label="Started by">{run.started_by ?? 'Nobody who still has an account'}</Fact>
      <Fact label="Created"><RelativeTime at={run.created_at} /></Fact>
      {run.finished_at !== null && <Fact label="Ended"><RelativeTime at={run.finished_at} /></Fact>}
      <Fact label="Limits">
        {run.limits.max_iterations} iterations, {formatInteger(run.limits.max_tokens)} tokens, {run.limits.max_cost_micro_usd === null ? 'no cost limit' : formatMoney(run.limits.max_cost_micro_usd)}, {formatDuration(run.limits.max_duration_seconds * 1000)}
      </Fact>
      <Fact label="Run id"><span className="inline-flex flex-wrap items-center gap-1"><code className="select-all">{run.run_id}</code><CopyButton text={run.run_id} label="Copy run id" /></span></Fact>
      {run.temporal.run_id !== null && <Fact label="Temporal run"><code className="select-all">{run.temporal.run_id}</code></Fact>}
    </dl>
  </div>
);
