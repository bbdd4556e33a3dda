import { type ReactNode, useState } from 'react';
import { sentenceOf } from '@/lib/api-error.ts';
import { TypedConfirmation } from './typed-confirmation.tsx';
import { AlertDialog, AlertDialogCancel, AlertDialogContent, AlertDialogDescription, AlertDialogTitle } from './ui/alert-dialog.tsx';
import { Button } from './ui/button.tsx';
import { FieldError } from './ui/field.tsx';

/**
 * Asks before something that cannot be taken back. Stays open, busy, until `onConfirm` settles; a failure is shown in
 * place. With `typedName` the person must type it first.
 */
export const ConfirmDialog = ({
  isOpen,
  onOpenChange,
  title,
  children,
  confirmLabel,
  onConfirm,
  isDestructive = true,
  typedName,
  cancelLabel = 'Keep',
}: {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  title: string;
  children: ReactNode;
  /** A verb: "Delete agent". */
  confirmLabel: string;
  onConfirm: () => Promise<unknown>;
  isDestructive?: boolean;
  typedName?: string;
  /** The way out in the words of the question: "Keep", "Not yet". */
  cancelLabel?: string;
}) => {
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [typed, setTyped] = useState('');
  const change = (next: boolean): void => {
    if (isBusy) return;
    setError(undefined);
    setTyped('');
    onOpenChange(next);
  };
  const confirm = async (): Promise<void> => {
    if (isBusy) return;
    setIsBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      setTyped('');
      onOpenChange(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <AlertDialog open={isOpen} onOpenChange={change}>
      <AlertDialogContent>
        <AlertDialogTitle>{title}</AlertDialogTitle>
        <AlertDialogDescription asChild>
          <div>{children}</div>
        </AlertDialogDescription>
        {typedName !== undefined && <TypedConfirmation name={typedName} typed={typed} onType={setTyped} />}
        {error !== undefined && <div role="alert"><FieldError>{sentenceOf(error)}</FieldError></div>}
        <div className="flex flex-row-reverse flex-wrap gap-3">
          <Button variant={isDestructive ? 'destructive' : 'primary'} onClick={confirm} isBusy={isBusy} disabled={typedName !== undefined && typed !== typedName}>
            {confirmLabel}
          </Button>
          <AlertDialogCancel asChild>
            <Button variant="outline" disabled={isBusy}>{cancelLabel}</Button>
          </AlertDialogCancel>
        </div>
      </AlertDialogContent>
    </AlertDialog>
  );
};
