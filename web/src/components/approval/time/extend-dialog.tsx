import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useState } from 'react';
import { formatAbsoluteTime } from '@/lib/format.ts';
import { ConfirmDialog } from '../../confirm-dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { extendChoices } from './extend-choices.ts';

/** Lets a request wait longer, as far as its policy allows. */
export const ExtendDialog = ({ request, isOpen, onOpenChange, onExtend }: { request: ApprovalRequest; isOpen: boolean; onOpenChange: (isOpen: boolean) => void; onExtend: (expiresAt: string) => Promise<unknown> }) => {
  const choices = request.expires_at === null || request.extendable_until === null ? [] : extendChoices(request.expires_at, request.extendable_until);
  const [chosen, setChosen] = useState<string>();
  const at = choices.find((choice) => choice.at === chosen)?.at ?? choices[0]?.at;
  if (request.expires_at === null || at === undefined) return null;
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title="Let it wait longer?" confirmLabel="Extend" cancelLabel="Keep as it is" isDestructive={false} onConfirm={() => onExtend(at)}>
      <p>It waits until {formatAbsoluteTime(request.expires_at)}, then it counts as rejected. The run goes on waiting.</p>
      <Field label="New end" className="mt-3 text-foreground">
        {(control) => <Select {...control} value={at} onChange={(event) => setChosen(event.target.value)}>{choices.map((choice) => <option key={choice.at} value={choice.at}>{choice.label}</option>)}</Select>}
      </Field>
    </ConfirmDialog>
  );
};
