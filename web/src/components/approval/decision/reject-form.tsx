import { ShieldX } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { cn } from '@/lib/cn.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Textarea } from '../../ui/textarea.tsx';
import { composeReason, problemOfReason, rejectPresets } from './reject-reason.ts';

/** Why not: a preset, own words, or both. The agent reads it. */
export const RejectForm = ({
  preset,
  reason,
  onChange,
  onReject,
  onCancel,
  isBusy,
  isGivingUp = false,
}: {
  preset: string;
  reason: string;
  onChange: (changes: { preset?: string; reason?: string }) => void;
  onReject: (reason: string) => void;
  onCancel: () => void;
  isBusy: boolean;
  /** The question is whether an effect happened; rejecting gives up on it. */
  isGivingUp?: boolean;
}) => {
  const [error, setError] = useState<string>();
  const ref = useRef<HTMLTextAreaElement>(null);
  const formRef = useRef<HTMLFormElement>(null);
  // The form was asked for: typing goes into it.
  useEffect(() => ref.current?.focus(), []);
  const whole = composeReason(preset, reason);
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (isBusy) return;
    const problem = problemOfReason(whole);
    setError(problem);
    if (problem === undefined) onReject(whole);
    else ref.current?.focus();
  };
  useFormKeys(formRef, { onEscape: onCancel, onSend: submit });
  const verb = isGivingUp ? 'Give up' : 'Reject';
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="flex flex-col gap-3">
      <fieldset className="min-w-0">
        <legend className="mb-1.5 text-body font-medium">Why {isGivingUp ? 'give up' : 'not'}?</legend>
        <div className="flex flex-wrap gap-2">
          {rejectPresets.map((one) => (
            <Button key={one} variant="outline" size="small" aria-pressed={preset === one} className={cn('rounded-full', preset === one && 'border-primary bg-primary/12')} onClick={() => onChange({ preset: preset === one ? '' : one })}>
              {one}
            </Button>
          ))}
        </div>
      </fieldset>
      <Field label="In your own words" error={error} hint="The agent receives this text.">
        {(control) => <Textarea {...control} ref={ref} value={reason} onChange={(event) => onChange({ reason: event.target.value })} rows={2} className="min-h-16" />}
      </Field>
      <div className="flex flex-row-reverse flex-wrap justify-start gap-3">
        <Button type="submit" variant="destructive" isBusy={isBusy} className="max-sm:h-12 max-sm:flex-1"><ShieldX aria-hidden />{verb}</Button>
        <Button variant="outline" onClick={onCancel} disabled={isBusy} className="max-sm:h-12">Back</Button>
      </div>
    </form>
  );
};
