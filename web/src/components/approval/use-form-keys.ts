import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Keys of an open form: Escape leaves it, Ctrl or Cmd with Enter sends it. */
export const useFormKeys = (ref: RefObject<HTMLElement | null>, keys: { onEscape: () => void; onSend: () => void }): void => {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key === 'Escape') {
      event.preventDefault();
      keys.onEscape();
    } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      keys.onSend();
    }
  });
  useEffect(() => {
    const element = ref.current;
    const listener = (event: KeyboardEvent): void => onKey(event);
    element?.addEventListener('keydown', listener);
    return () => element?.removeEventListener('keydown', listener);
  }, [ref]);
};
