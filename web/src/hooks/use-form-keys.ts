import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Keys of an open form, anywhere inside the element: Ctrl or Cmd with Enter sends it, Escape leaves it where the form has a way back. */
export const useFormKeys = (ref: RefObject<HTMLElement | null>, { onSend, onEscape }: { onSend: () => void; onEscape?: () => void }): void => {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key === 'Escape' && onEscape !== undefined) {
      event.preventDefault();
      onEscape();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      onSend();
    }
  });
  useEffect(() => {
    const element = ref.current;
    const listener = (event: KeyboardEvent): void => onKey(event);
    element?.addEventListener('keydown', listener);
    return () => element?.removeEventListener('keydown', listener);
  }, [ref]);
};
