import { SendHorizontal, ShieldX } from 'lucide-react';
import { type FormEvent, type Ref, type RefObject, useRef, useState } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { cn } from '@/lib/cn.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { Textarea } from '../../ui/textarea.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';

const maxLength = 20_000;

/** The answer to what an agent asks: one of its choices, or words of one's own. */
export const AnswerForm = ({ choices, answer, onAnswer, onSend, onReject, isBusy, refusal, reasonId, rejectRef, fieldRef }: {
  choices: readonly string[];
  answer: string;
  onAnswer: (answer: string) => void;
  onSend: (answer: string) => void;
  onReject: () => void;
  isBusy: boolean;
  /** Why it may not be answered; undefined: it may. */
  refusal: string | undefined;
  /** Element that says the refusal. */
  reasonId: string | undefined;
  rejectRef: RefObject<HTMLButtonElement | null>;
  fieldRef: Ref<HTMLTextAreaElement>;
}) => {
  const [error, setError] = useState<string>();
  const formRef = useRef<HTMLFormElement>(null);
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (isBusy || refusal !== undefined) return;
    const words = answer.trim();
    const problem = words === '' ? 'Write an answer; the agent reads it.' : words.length > maxLength ? `At most ${maxLength} characters; this has ${words.length}.` : undefined;
    setError(problem);
    if (problem === undefined) onSend(words);
  };
  useFormKeys(formRef, { onSend: submit });
  const isOff = refusal !== undefined || isBusy;
  return (
    <form ref={formRef} noValidate onSubmit={submit} className="flex flex-col gap-3">
      {choices.length > 0 && (
        <div role="group" aria-label="Choices of the agent" className="flex flex-wrap gap-2">
          {choices.map((choice) => (
            <Button key={choice} variant="outline" size="small" disabled={isOff} aria-pressed={answer === choice} onClick={() => onAnswer(answer === choice ? '' : choice)} className={cn('h-auto min-h-8 py-1 text-left whitespace-normal max-sm:min-h-12', answer === choice && 'border-primary bg-primary/12')}>
              <UntrustedText text={choice} />
            </Button>
          ))}
        </div>
      )}
      <Field label="Your answer" error={error} hint={choices.length === 0 ? 'The agent receives this text.' : 'Choose one, or write your own. The agent receives this text.'}>
        {(control) => <Textarea {...control} ref={fieldRef} value={answer} readOnly={refusal !== undefined} onChange={(event) => onAnswer(event.target.value)} rows={2} className="min-h-16" />}
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <Button ref={rejectRef} variant="outline" onClick={onReject} disabled={isOff} aria-describedby={reasonId} className="border-destructive text-destructive max-sm:h-12 max-sm:flex-1"><ShieldX aria-hidden />Do not answer</Button>
        <span aria-hidden className="flex-1 max-sm:hidden" />
        <Button type="submit" isBusy={isBusy} disabled={refusal !== undefined} aria-describedby={reasonId} className="max-sm:h-12 max-sm:flex-1"><SendHorizontal aria-hidden />Send answer</Button>
      </div>
    </form>
  );
};
