import { useState } from 'react';

/** What had the focus last; not an entry of a menu, which is gone once it is chosen. */
let lastFocused: HTMLElement | undefined;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && target.closest('[role="menu"]') === null) lastFocused = target;
});

/**
 * For the content of a dialog: gives the focus back, when it closes, to what had it when it opened, or to the page's heading where that
 * is gone. Radix does so for a dialog with a trigger of its own; ours are opened by state. Whoever has moved the focus meanwhile keeps it.
 */
export const useFocusReturn = (onCloseAutoFocus: ((event: Event) => void) | undefined): ((event: Event) => void) => {
  // While drawing, before anything in the dialog takes the focus.
  const [opener] = useState(() => lastFocused);
  return (event) => {
    onCloseAutoFocus?.(event);
    if (event.defaultPrevented) return;
    event.preventDefault();
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const target = opener?.isConnected === true ? opener : document.querySelector<HTMLElement>('h1');
    // The page has not moved under the dialog.
    target?.focus({ preventScroll: true });
  };
};
