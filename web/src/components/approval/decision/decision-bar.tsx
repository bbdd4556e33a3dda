import type { ApprovalRequest } from '@contracts/approvals.ts';
import { CircleCheck, PencilLine, RotateCw, ShieldCheck, ShieldX } from 'lucide-react';
import { type RefObject, useId } from 'react';
import { cn } from '@/lib/cn.ts';
import { Button } from '../../ui/button.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { Countdown } from '../time/countdown.tsx';
import { DecisionStages } from './decision-stages.tsx';

/** Why somebody may not do what the bar offers; undefined: they may. */
export interface Refusals {
  /** Any decision. */
  decide?: string | undefined;
  /** Approving, with or without edits. */
  approve?: string | undefined;
  /** Editing before it is approved. */
  edit?: string | undefined;
}

// Never narrower than their words: three long ones take two lines on a phone.
const buttonClass = 'max-sm:h-12 max-sm:min-w-fit max-sm:flex-1 max-sm:px-2';

/** How long is left and what can be done about it, always in sight. Reject stands apart from Approve. */
export const DecisionBar = ({
  request,
  leftMs,
  refusals,
  isSending,
  approveRef,
  editRef,
  rejectRef,
  onApprove,
  onEdit,
  onReject,
  onConfirmHappened,
  onExtend,
}: {
  request: ApprovalRequest;
  leftMs: number | null;
  refusals: Refusals;
  isSending: boolean;
  approveRef: RefObject<HTMLButtonElement | null>;
  editRef: RefObject<HTMLButtonElement | null>;
  rejectRef: RefObject<HTMLButtonElement | null>;
  onApprove: () => void;
  onEdit: () => void;
  onReject: () => void;
  onConfirmHappened: () => void;
  /** Absent: it cannot wait longer. */
  onExtend?: (() => void) | undefined;
}) => {
  const reasonId = useId();
  const isOver = leftMs !== null && leftMs <= 0;
  const over = isOver ? 'It counts as rejected and will not be executed.' : undefined;
  const decideRefusal = over ?? refusals.decide;
  const approveRefusal = decideRefusal ?? refusals.approve;
  const isUnknown = request.kind === 'outcome_unknown';
  const editRefusal = approveRefusal ?? refusals.edit;
  const reason = editRefusal;
  const behalf = request.can_decide.on_behalf_of;
  const describedBy = reason === undefined ? undefined : reasonId;
  const approveProps = { isBusy: isSending, disabled: approveRefusal !== undefined, 'aria-describedby': describedBy };
  return (
    <div className="flex flex-col gap-2.5">
      {isSending ? <DecisionStages stage="sending" /> : <Countdown request={request} leftMs={leftMs} {...(onExtend === undefined ? {} : { onExtend })} />}
      {behalf !== null && decideRefusal === undefined && <p className="text-row">You decide for <strong className="font-semibold"><UntrustedText text={behalf.name} /></strong>, who is away.</p>}
      {reason !== undefined && <p id={reasonId} className="text-row text-muted-foreground">{reason}</p>}
      <div role="group" aria-label="Decision" className="flex flex-wrap items-center gap-3">
        <Button ref={rejectRef} variant="outline" onClick={onReject} disabled={decideRefusal !== undefined || isSending} aria-describedby={describedBy} className={cn(buttonClass, 'border-destructive text-destructive')}>
          <ShieldX aria-hidden />{isUnknown ? 'Give up' : 'Reject'}
        </Button>
        <span aria-hidden className="flex-1 max-sm:hidden" />
        {isUnknown ? (
          <>
            <Button variant="outline" onClick={onConfirmHappened} disabled={approveRefusal !== undefined || isSending} aria-describedby={describedBy} className={buttonClass}>
              <CircleCheck aria-hidden />It happened
            </Button>
            <Button ref={approveRef} onClick={onApprove} {...approveProps} className={buttonClass}><RotateCw aria-hidden />Do it again</Button>
          </>
        ) : (
          <>
            <Button ref={editRef} variant="outline" onClick={onEdit} disabled={editRefusal !== undefined || isSending} aria-describedby={describedBy} className={buttonClass}>
              <PencilLine aria-hidden />Edit
            </Button>
            <Button ref={approveRef} onClick={onApprove} {...approveProps} className={cn(buttonClass, 'sm:min-w-32')}><ShieldCheck aria-hidden />Approve</Button>
          </>
        )}
      </div>
    </div>
  );
};
