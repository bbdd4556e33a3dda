import type { ApprovalRequest } from '@contracts/approvals.ts';
import { lazy, type RefObject, Suspense } from 'react';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AnswerBar } from '../answer/answer-bar.tsx';
import { NotRecorded } from '../card-parts.tsx';
import { describeRefusedEdit } from './conflict.ts';
import { Countdown } from '../time/countdown.tsx';
import { DecisionBar, type Refusals } from './decision-bar.tsx';
import type { ApprovalDraft } from './draft-store.ts';
import { RejectForm } from './reject-form.tsx';
import type { Decision } from './use-decision.ts';

// Calls are seldom done by hand.
const TakeOverForm = lazy(() => import('../answer/take-over-form.tsx').then((module) => ({ default: module.TakeOverForm })));

interface CardDecisionProps {
  request: ApprovalRequest;
  /** Answers a question offers. */
  choices: readonly string[];
  leftMs: number | null;
  mode: ApprovalDraft['mode'];
  draft: ApprovalDraft;
  change: (changes: Partial<ApprovalDraft>) => void;
  refusals: Refusals;
  isSending: boolean;
  failure: unknown;
  refs: Record<'approve' | 'edit' | 'reject', RefObject<HTMLButtonElement | null>> & { answer: RefObject<HTMLTextAreaElement | null> };
  /** The pointer or the focus has come to the buttons: one of them may be pressed next. */
  onIntent: () => void;
  onApprove: () => void;
  onConfirmHappened: () => void;
  onEdit: () => void;
  onReject: () => void;
  onCloseForm: () => void;
  onExtend: (() => void) | undefined;
  send: (decision: Decision) => void;
}

const Controls = ({ request, choices, leftMs, mode, draft, change, refusals, isSending, refs, onApprove, onConfirmHappened, onEdit, onReject, onCloseForm, onExtend, send }: CardDecisionProps) => {
  const isOver = leftMs !== null && leftMs <= 0;
  if (mode === 'reject' && !isOver) {
    return (
      <RejectForm
        preset={draft.preset}
        reason={draft.reason}
        onChange={change}
        onReject={(reason) => send({ verdict: 'reject', reason })}
        onCancel={onCloseForm}
        isBusy={isSending}
        isGivingUp={request.kind === 'outcome_unknown'}
      />
    );
  }
  if (mode === 'take_over' && !isOver) {
    return (
      <Suspense fallback={<Skeleton className="h-40" />}>
        <TakeOverForm toolName={request.tool_name} result={draft.result} note={draft.note} onChange={change} onProvide={(result, note) => send({ verdict: 'provide_result', result, note })} onCancel={onCloseForm} isBusy={isSending} />
      </Suspense>
    );
  }
  if (mode === 'edit' && !isOver) return null;
  const shared = { request, leftMs, refusals, isSending, rejectRef: refs.reject, onReject, onExtend };
  if (request.kind === 'question') {
    return (
      <AnswerBar
        {...shared}
        choices={choices}
        answer={draft.answer}
        onAnswer={(answer) => change({ answer })}
        onSend={(answer) => send({ verdict: 'answer', answer })}
        fieldRef={refs.answer}
      />
    );
  }
  return (
    <DecisionBar
      {...shared}
      approveRef={refs.approve}
      editRef={refs.edit}
      onApprove={onApprove}
      onEdit={onEdit}
      onConfirmHappened={onConfirmHappened}
    />
  );
};

/** The end of the card, always in sight: how long is left, and what can be done about it. */
export const CardDecision = (props: CardDecisionProps) => {
  const { request, leftMs, mode, failure, onExtend, onIntent } = props;
  const isOver = leftMs !== null && leftMs <= 0;
  // What is wrong with an edit is said beside its fields.
  const isOfEdit = mode === 'edit' && describeRefusedEdit(failure, []) !== undefined;
  return (
    <div onPointerEnter={onIntent} onFocus={onIntent} className="sticky bottom-0 z-20 flex flex-col gap-3 rounded-b-card border-t bg-card p-4 max-sm:bottom-[calc(56px+env(safe-area-inset-bottom))] max-sm:p-3">
      {failure !== null && failure !== undefined && !isOfEdit && <NotRecorded error={failure} />}
      {mode !== 'view' && !isOver && <Countdown request={request} leftMs={leftMs} {...(onExtend === undefined ? {} : { onExtend })} />}
      <Controls {...props} />
    </div>
  );
};
