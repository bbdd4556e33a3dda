import type { ApprovalRequest } from '@contracts/approvals.ts';
import { type ComponentProps, lazy, Suspense, useId } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import type { AnswerForm as Form } from './answer-form.tsx';
import { Countdown } from '../time/countdown.tsx';
import type { Refusals } from '../decision/decision-bar.tsx';
import { DecisionStages } from '../decision/decision-stages.tsx';

// Few agents ask.
const AnswerForm = lazy(() => import('./answer-form.tsx').then((module) => ({ default: module.AnswerForm })));

/** How long is left to answer, and the answer. */
export const AnswerBar = ({ request, leftMs, refusals, onExtend, isSending, ...form }: {
  request: ApprovalRequest;
  leftMs: number | null;
  refusals: Refusals;
  onExtend: (() => void) | undefined;
  isSending: boolean;
} & Omit<ComponentProps<typeof Form>, 'isBusy' | 'refusal' | 'reasonId'>) => {
  const reasonId = useId();
  const refusal = leftMs !== null && leftMs <= 0 ? 'It counts as not answered.' : (refusals.decide ?? refusals.approve);
  return (
    <div className="flex flex-col gap-2.5">
      {isSending ? <DecisionStages stage="sending" /> : <Countdown request={request} leftMs={leftMs} {...(onExtend === undefined ? {} : { onExtend })} />}
      {refusal !== undefined && <p id={reasonId} className="text-row text-muted-foreground">{refusal}</p>}
      <Suspense fallback={<Skeleton className="h-32" />}>
        <AnswerForm {...form} isBusy={isSending} refusal={refusal} reasonId={refusal === undefined ? undefined : reasonId} />
      </Suspense>
    </div>
  );
};
