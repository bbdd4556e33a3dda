import type { Step } from '@contracts/runs.ts';
import { StepKindIcon } from '@/components/step-kind-icon.tsx';
import { isInLine, stepName, StepStatusMark } from '@/components/trace/step-status.tsx';

/** Heading of the details of a step, also the title of the sheet that holds them on small screens. */
export const StepTitle = ({ step }: { step: Step }) => (
  <span className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
    <StepKindIcon kind={step.kind} />
    <span className="min-w-0 wrap-anywhere">{stepName(step)}</span>
    <StepStatusMark status={step.status} inLine={isInLine(step)} hasWord />
    <span className="text-caption font-normal text-muted-foreground">iteration {step.iteration}</span>
  </span>
);
