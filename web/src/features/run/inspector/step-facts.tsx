import type { Step } from '@contracts/runs.ts';
import type { ReactNode } from 'react';
import { Duration, Money, RelativeTime, RunningDuration, Tokens } from '@/components/figures.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-caption leading-6 text-muted-foreground">{label}</dt>
    <dd className="min-w-0 leading-6 wrap-anywhere">{children}</dd>
  </>
);

/** Times, model, tokens and cost of a step. */
export const StepFacts = ({ step }: { step: Step }) => (
  <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-row">
    {step.risk_level !== null && <Fact label="Risk"><RiskChip risk={step.risk_level} /></Fact>}
    <Fact label="Began"><RelativeTime at={step.started_at} /></Fact>
    <Fact label="Took">{step.finished_at === null ? <><RunningDuration since={step.started_at} /> so far</> : <Duration ms={step.duration_ms} />}</Fact>
    {step.attempt > 1 && <Fact label="Attempts">{step.attempt}; what earlier ones failed with is in the worker’s log and in Temporal</Fact>}
    {step.llm_model !== null && <Fact label="Model">{step.llm_model}</Fact>}
    {step.usage !== null && (
      <>
        <Fact label="Tokens">
          <Tokens usage={step.usage} />
          {step.usage.reasoning_tokens !== null && step.usage.reasoning_tokens > 0 && <> · {step.usage.reasoning_tokens} of them thinking</>}
        </Fact>
        <Fact label="Cost"><Money microUsd={step.cost_micro_usd} /></Fact>
      </>
    )}
  </dl>
);
