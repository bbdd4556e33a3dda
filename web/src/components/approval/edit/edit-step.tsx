import type { FormEvent, ReactNode, RefObject } from 'react';
import { useFormKeys } from '@/hooks/use-form-keys.ts';

/** A step of the edit, a form: what it shows, then its buttons, the way on first. Its keys do what the buttons do. */
export const EditStep = ({ ref, onNext, onBack, buttons, children }: { ref: RefObject<HTMLFormElement | null>; onNext: () => void; onBack: () => void; buttons: ReactNode; children: ReactNode }) => {
  useFormKeys(ref, { onEscape: onBack, onSend: onNext });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onNext();
  };
  return (
    <form ref={ref} noValidate onSubmit={submit} className="flex flex-col gap-4">
      {children}
      <div className="flex flex-row-reverse flex-wrap justify-start gap-3">{buttons}</div>
    </form>
  );
};
