import type { Step } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import type { StepPair } from '../align-steps.ts';
import { PartDiff } from './part-diff.tsx';

const StepLink = ({ side, step }: { side: string; step: Step | undefined }) =>
  step === undefined ? null : <Link to="/maestro/runs/$runId" params={{ runId: step.run_id }} search={{ step: step.id }} className="underline underline-offset-2">Open in {side}</Link>;

/** What differs between the two steps of a pair: their states, inputs, outputs and errors. */
export const PairDetails = ({ pair }: { pair: StepPair }) => {
  const { a, b } = pair;
  const isPartial = a?.is_shortened === true || b?.is_shortened === true;
  return (
    <div className="flex flex-col gap-3 border-t bg-muted/50 p-3">
      {isPartial && <p className="text-caption text-muted-foreground">Bodies above 16 kB are left out here. The steps themselves have them.</p>}
      <PartDiff title="Input" a={a?.input} b={b?.input} />
      <PartDiff title="Output" a={a?.output} b={b?.output} />
      <PartDiff title="Error" a={a?.error} b={b?.error} />
      <p className="flex gap-4 text-row"><StepLink side="A" step={a} /><StepLink side="B" step={b} /></p>
    </div>
  );
};
