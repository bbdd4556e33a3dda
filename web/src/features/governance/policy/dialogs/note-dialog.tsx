import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { sentenceOf } from '@/lib/api-error.ts';

/** Asks before a change of what is in force, and why: the note stays with it. */
export const NoteDialog = ({ title, children, confirmLabel, isDestructive = false, onConfirm, onClose }: { title: string; children: ReactNode; confirmLabel: string; isDestructive?: boolean; onConfirm: (note: string) => Promise<void>; onClose: () => void }) => {
  const [note, setNote] = useState('');
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const formRef = useRef<HTMLFormElement>(null);
  const confirm = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (isBusy) return;
    setIsTried(true);
    if (note.trim() === '') {
      formRef.current?.querySelector('textarea')?.focus();
      return;
    }
    setIsBusy(true);
    setError(undefined);
    try {
      await onConfirm(note.trim());
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  useFormKeys(formRef, { onSend: () => void confirm() });
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && !isBusy && onClose()}>
      <DialogContent>
        <DialogHeader>
          <DialogTitle>{title}</DialogTitle>
          <DialogDescription asChild><div>{children}</div></DialogDescription>
        </DialogHeader>
        <form ref={formRef} noValidate onSubmit={(event) => void confirm(event)} className="flex flex-col gap-4">
          <Field label="Why" isRequired hint="Kept in the history, for ever." error={isTried && note.trim() === '' ? 'Say why, for whoever reads the history.' : undefined}>
            {(control) => <Textarea {...control} name="note" value={note} maxLength={2000} onChange={(event) => setNote(event.target.value)} />}
          </Field>
          {error !== undefined && <div role="alert"><FieldError>{sentenceOf(error)}</FieldError></div>}
          <DialogFooter>
            <Button type="submit" variant={isDestructive ? 'destructive' : 'primary'} isBusy={isBusy}>{confirmLabel}</Button>
            <DialogClose asChild><Button variant="outline" disabled={isBusy}>Keep as it is</Button></DialogClose>
          </DialogFooter>
        </form>
      </DialogContent>
    </Dialog>
  );
};
