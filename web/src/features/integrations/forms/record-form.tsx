import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { focusField, type FormProblem, FormSummary } from '@/components/form-summary.tsx';
import { Button } from '@/components/ui/button.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { ChangeConflict } from './change-conflict.tsx';
import type { Clash, FormValues } from './merge-changes.ts';
import type { Changed } from './use-record-form.ts';

/** The parts of a form of {@link useRecordForm} the frame shows. */
interface Shown {
  values: FormValues;
  problems: FormProblem[];
  conflict: { latest: Changed; clashes: Clash[]; taken: string[] } | undefined;
  pointed: FormProblem[] | undefined;
  isSaving: boolean;
  labelOf: (field: string) => string;
  take: (clash: Clash) => void;
  point: (found: FormProblem[]) => void;
}

/** The frame of a form in a sheet: what is wrong on top, the fields in the middle, its buttons below. */
export const RecordForm = ({ form, noun, isNew, isDirty, onDirty, check, onSend, onCancel, sendLabel, isReadOnly = false, children }: {
  form: Shown;
  /** `connection`: for sentences. */
  noun: string;
  isNew: boolean;
  isDirty: boolean;
  onDirty: (isDirty: boolean) => void;
  /** Answers what stands against sending. */
  check: () => FormProblem[];
  /** Called when nothing does. */
  onSend: () => void;
  onCancel: () => void;
  sendLabel: string;
  /** Shown to those who may not change it: nothing can be pressed or sent. */
  isReadOnly?: boolean;
  children: ReactNode;
}) => {
  const [isSubmitted, setIsSubmitted] = useState(false);
  const ref = useRef<HTMLFormElement>(null);
  const summaryRef = useRef<HTMLDivElement>(null);
  const { pointed } = form;
  // Follows what leaves with the sheet: closing one with typed values by a press beside it would lose them.
  useEffect(() => onDirty(isDirty), [isDirty, onDirty]);
  // Moves the focus to what was found: the one field, else the summary, else the notice of a conflict.
  useEffect(() => {
    if (pointed === undefined) return;
    const [first] = pointed;
    if (pointed.length === 1 && first?.field !== undefined) focusField(ref.current, first.field);
    else if (pointed.length > 0) summaryRef.current?.focus();
    else ref.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' });
  }, [pointed]);

  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (form.isSaving || isReadOnly) return;
    setIsSubmitted(true);
    const found = check();
    if (found.length > 0) form.point(found);
    else onSend();
  };
  useFormKeys(ref, { onSend: submit });

  const needsSummary = isSubmitted || form.problems.some(({ field }) => field === undefined);
  const failed = isSubmitted ? `The ${noun} was not ${isNew ? 'added' : 'saved'}` : 'The test could not be made';
  return (
    <form ref={ref} noValidate onSubmit={submit} autoComplete="off" className="flex min-h-0 flex-1 flex-col">
      {/* Where nothing inside can have the focus, the region that scrolls must. */}
      <div {...(isReadOnly ? { tabIndex: 0 } : {})} className="min-h-0 flex-1 overflow-y-auto p-4 -outline-offset-2 sm:px-6">
        <fieldset disabled={isReadOnly} className="flex min-w-0 flex-col gap-4">
          {form.conflict !== undefined && <ChangeConflict noun={noun} conflict={form.conflict} values={form.values} labelOf={form.labelOf} onTake={form.take} />}
          {needsSummary && <FormSummary ref={summaryRef} problems={form.problems} onGo={(field) => focusField(ref.current, field)} title={failed} />}
          {children}
        </fieldset>
      </div>
      <div className="flex flex-row-reverse flex-wrap items-center gap-3 border-t bg-popover px-4 py-3 sm:px-6">
        {!isReadOnly && <Button type="submit" isBusy={form.isSaving}>{sendLabel}</Button>}
        <Button variant="outline" onClick={onCancel} disabled={form.isSaving}>{isReadOnly ? 'Close' : 'Cancel'}</Button>
      </div>
    </form>
  );
};
