import type { ApprovalRequest } from '@contracts/approvals.ts';
import { ShieldCheck } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { TypedConfirmation } from '../../typed-confirmation.tsx';
import { Button } from '../../ui/button.tsx';
import { Field, FieldError } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { ArgumentChanges } from '../arguments/argument-changes.tsx';
import type { Arguments } from '../arguments/argument-items.ts';
import { EditStep } from './edit-step.tsx';
import { EditVerdict } from './edit-verdict.tsx';

/** The second step of an edit: what it changes, what the policies would say to it, and the decision. */
export const EditReview = ({ request, edited, note, onNote, onApprove, onBack, isBusy, isDisabled, refusal }: {
  request: ApprovalRequest;
  edited: Arguments;
  note: string;
  onNote: (note: string) => void;
  onApprove: () => void;
  onBack: () => void;
  isBusy: boolean;
  isDisabled: boolean;
  /** Why the server refused it. */
  refusal: string | undefined;
}) => {
  const [typed, setTyped] = useState('');
  const ref = useRef<HTMLFormElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  useEffect(() => headingRef.current?.focus(), []);
  const mustType = request.risk_level === 'CRITICAL';
  const isReady = !isDisabled && (!mustType || typed === request.tool_name);
  const approve = (): void => {
    if (isReady && !isBusy) onApprove();
  };
  return (
    <EditStep
      ref={ref}
      onNext={approve}
      onBack={onBack}
      buttons={
        <>
          <Button type="submit" isBusy={isBusy} disabled={!isReady} className="max-sm:h-12 max-sm:flex-1"><ShieldCheck aria-hidden />Approve with edits</Button>
          <Button variant="outline" onClick={onBack} disabled={isBusy} className="max-sm:h-12">Edit again</Button>
        </>
      }
    >
      <h3 ref={headingRef} tabIndex={-1} data-heading className="text-body font-semibold">What your edit changes</h3>
      <ArgumentChanges before={request.arguments} after={edited} />
      <EditVerdict request={request} edited={edited} />
      <Field label="Note" hint="Kept in the record; may be empty.">
        {(control) => <Input {...control} value={note} maxLength={2000} autoComplete="off" onChange={(event) => onNote(event.target.value)} />}
      </Field>
      {mustType && <TypedConfirmation name={request.tool_name} typed={typed} onType={setTyped} />}
      {refusal !== undefined && <div role="alert"><FieldError>{refusal}</FieldError></div>}
    </EditStep>
  );
};
