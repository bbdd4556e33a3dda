import type { ApprovalRequest } from '@contracts/approvals.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { RiskChip } from '../../risk-chip.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';

/** Which question is asked before a decision; `confirm_happened` and `approve` of a call nobody knows the outcome of, too. */
export type AskedDecision = 'approve' | 'confirm_happened';

/** Repeats the effect before it is approved; a CRITICAL one asks for the tool's name to be typed. */
export const ApproveDialog = ({
  request,
  asked,
  onOpenChange,
  onConfirm,
}: {
  request: ApprovalRequest;
  asked: AskedDecision | undefined;
  onOpenChange: (isOpen: boolean) => void;
  onConfirm: () => Promise<unknown>;
}) => {
  const isUnknown = request.kind === 'outcome_unknown';
  const effect = <UntrustedText text={request.effect_sentence} className="font-medium text-foreground" />;
  if (asked === 'confirm_happened') {
    return (
      <ConfirmDialog isOpen onOpenChange={onOpenChange} title="Did it happen?" confirmLabel="It happened" cancelLabel="Not yet" isDestructive={false} onConfirm={onConfirm}>
        <p>{effect}</p>
        <p className="mt-2">The run goes on as if the call had succeeded. It is not done again.</p>
      </ConfirmDialog>
    );
  }
  return (
    <ConfirmDialog
      isOpen={asked === 'approve'}
      onOpenChange={onOpenChange}
      title={isUnknown ? 'Do it again?' : `Approve ${request.tool_name}?`}
      confirmLabel={isUnknown ? 'Do it again' : 'Approve'}
      cancelLabel="Not yet"
      isDestructive={false}
      onConfirm={onConfirm}
      {...(request.risk_level === 'CRITICAL' ? { typedName: request.tool_name } : {})}
    >
      <p>{effect}</p>
      <p className="mt-2 flex flex-wrap items-center gap-2">
        <RiskChip risk={request.risk_level} />
        {isUnknown ? 'If it did happen before, it happens twice.' : 'Exactly the arguments on the screen are executed, once.'}
      </p>
    </ConfirmDialog>
  );
};
