import type { Step } from '@contracts/runs.ts';
import type { ReactNode } from 'react';
import { Duration, Money, RelativeTime, RunningDuration, Tokens } from '@/components/figures.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Badge } from '@/components/ui/badge.tsx';

const Fact = ({ label, children }: { label: string; children: ReactNode }) => (
  <>
    <dt className="text-caption leading-6 text-muted-foreground">{label}</dt>
    <dd className="min-w-0 leading-6 wrap-anywhere">{children}</dd>
  </>
);

/** Why another model answered than the agent's first choice. */
const wordsOfFallback = (step: Step, firstModel: string): string =>
  `${firstModel === step.llm_model ? 'The first choice' : firstModel} was not available; ${step.llm_model ?? 'another model'} answered`;

/** Times, model, tokens and cost of a step. `firstModel`: the one the agent asks first. */
export const StepFacts = ({ step, firstModel }: { step: Step; firstModel: string }) => (
  <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-row">
    {step.risk_level !== null && <Fact label="Risk"><RiskChip risk={step.risk_level} /></Fact>}
    <Fact label="Began"><RelativeTime at={step.started_at} /></Fact>
    <Fact label="Took">{step.finished_at === null ? <><RunningDuration since={step.started_at} /> so far</> : <Duration ms={step.duration_ms} />}</Fact>
    {step.attempt > 1 && <Fact label="Attempts">{step.attempt}{step.llm_model !== null && '; what became of each is under Attempts'}</Fact>}
    {step.llm_model !== null && (
      <Fact label="Model">
        {step.llm_model}
        {step.llm_connection !== null && <> by {step.llm_connection}</>}
        {step.is_fallback && <Badge className="ml-2 h-auto whitespace-normal bg-waiting-tint text-waiting-text">{wordsOfFallback(step, firstModel)}</Badge>}
      </Fact>
    )}
    {step.usage !== null && !step.is_cached && <Fact label="First token"><Duration ms={step.first_token_ms} reason="not measured" /></Fact>}
    {step.usage !== null && (
      <>
        <Fact label="Tokens">
          <Tokens usage={step.usage} />
          {step.usage.reasoning_tokens !== null && step.usage.reasoning_tokens > 0 && <> · {step.usage.reasoning_tokens} of them thinking</>}
        </Fact>
        <Fact label="Cost">
          <Money microUsd={step.cost_micro_usd} />
          {step.is_cached && <> · from cache{step.saved_micro_usd !== null && <>, saved <Money microUsd={step.saved_micro_usd} /></>}</>}
        </Fact>
      </>
    )}
  </dl>
);
