import { isTerminal, type Run, type Step } from '@contracts/runs.ts';
import type { ReactNode } from 'react';
import { Duration, Money, RelativeTime, Tokens } from '@/components/figures.tsx';
import { useNow } from '@/hooks/use-now.ts';
import { formatMoney } from '@/lib/format.ts';
import { timesAt } from '../run-clock.ts';
import { StepWaiting } from './step-waiting.tsx';

const Figure = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex items-baseline gap-1.5">
    <dt className="text-caption text-muted-foreground">{label}</dt>
    <dd className="tabular">{children}</dd>
  </div>
);

/** How long, how far, how much: the figures of a run, counting while it is open; and what its turn waits for. */
export const RunFigures = ({ run, receivedAt, waitingStep }: { run: Run; receivedAt: number; waitingStep: Step | undefined }) => {
  const now = useNow(isTerminal(run.status) ? 3_600_000 : 1000);
  const { wallMs, activeMs, waitingMs } = timesAt(run, receivedAt, now);
  const notBegun = 'no worker has begun this run yet';
  return (
    <dl className="flex flex-wrap gap-x-3.5 gap-y-0.5 text-row">
      <Figure label="Started"><RelativeTime at={run.started_at ?? run.created_at} /></Figure>
      <Figure label="Wall"><Duration ms={wallMs} reason={notBegun} /></Figure>
      <Figure label="Active"><Duration ms={activeMs} reason={notBegun} /></Figure>
      <Figure label="Waiting"><Duration ms={waitingMs} /></Figure>
      <Figure label="Iterations">{run.iterations} of {run.limits.max_iterations}</Figure>
      <Figure label="Tokens"><Tokens usage={run.usage} /></Figure>
      <Figure label="Cost">
        <Money microUsd={run.cost_micro_usd} />
        {run.limits.max_cost_micro_usd !== null && <span className="text-muted-foreground"> of {formatMoney(run.limits.max_cost_micro_usd)}</span>}
      </Figure>
      {waitingStep !== undefined && !isTerminal(run.status) && <Figure label="Now"><StepWaiting step={waitingStep} /></Figure>}
    </dl>
  );
};
