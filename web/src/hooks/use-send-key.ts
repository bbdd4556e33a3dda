import { type RefObject, useEffect, useEffectEvent } from 'react';

/** Ctrl or Cmd with Enter, anywhere inside the element, sends the form. */
export const useSendKey = (ref: RefObject<HTMLElement | null>, onSend: () => void): void => {
  const onKey = useEffectEvent((event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSend();
  });
  useEffect(() => {
    const element = ref.current;
    const listener = (event: KeyboardEvent): void => onKey(event);
    element?.addEventListener('keydown', listener);
    return () => element?.removeEventListener('keydown', listener);
  }, [ref]);
};
