import { Hand } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';
import { Textarea } from '../../ui/textarea.tsx';
import { RawJson } from '../arguments/raw-json.tsx';
import { readResult } from './read-result.ts';

/** What a person did by hand, given as the tool's result: written, looked at as the agent will read it, then sent. */
export const TakeOverForm = ({ toolName, result, note, onChange, onProvide, onCancel, isBusy }: {
  toolName: string;
  result: string;
  note: string;
  onChange: (changes: { result?: string; note?: string }) => void;
  onProvide: (result: unknown, note: string) => void;
  onCancel: () => void;
  isBusy: boolean;
}) => {
  const [error, setError] = useState<string>();
  const [isReview, setIsReview] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const sendRef = useRef<HTMLButtonElement>(null);
  // The form was asked for: typing goes into it; what is looked at is sent by Enter.
  useEffect(() => (isReview ? sendRef : fieldRef).current?.focus(), [isReview]);
  const read = readResult(result);
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (isBusy) return;
    setError(read.ok ? undefined : read.message);
    if (!read.ok) fieldRef.current?.focus();
    else if (isReview) onProvide(read.value, note.trim());
    else setIsReview(true);
  };
  useFormKeys(formRef, { onEscape: () => (isReview ? setIsReview(false) : onCancel()), onSend: submit });
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="flex flex-col gap-3">
      {isReview && read.ok ? (
        <>
          <p className="text-row">The agent reads this as the result of <code>{toolName}</code>, marked as given by you. The call itself is not executed.</p>
          <RawJson value={read.value} label="result as JSON" />
          <p className="text-caption text-muted-foreground">Read as {read.isText ? 'text' : 'JSON'}.</p>
          <Field label="Note" hint="Kept in the record; may be empty.">
            {(control) => <Input {...control} value={note} maxLength={2000} autoComplete="off" onChange={(event) => onChange({ note: event.target.value })} />}
          </Field>
        </>
      ) : (
        <Field label="What came of it" error={error} hint="You have done by hand what was asked for. Write what the tool would have answered, as JSON or as text.">
          {(control) => <Textarea {...control} ref={fieldRef} value={result} spellCheck={false} rows={4} onChange={(event) => onChange({ result: event.target.value })} className="font-mono" />}
        </Field>
      )}
      <div className="flex flex-row-reverse flex-wrap justify-start gap-3">
        <Button ref={sendRef} type="submit" isBusy={isBusy} className="max-sm:h-12 max-sm:flex-1"><Hand aria-hidden />{isReview ? 'Give this result' : 'Look at the result'}</Button>
        <Button variant="outline" onClick={() => (isReview ? setIsReview(false) : onCancel())} disabled={isBusy} className="max-sm:h-12">{isReview ? 'Change it' : 'Back'}</Button>
      </div>
    </form>
  );
};
