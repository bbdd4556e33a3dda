import { useEffect, useEffectEvent } from 'react';
import { usePreferences } from '@/lib/preferences.ts';

/** Whether keys typed now belong to something else: a field, a menu, a dialog. */
const isTaken = (event: KeyboardEvent): boolean => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  // Of what lies in a shadow root the event's target is only the host.
  const [innermost] = event.composedPath();
  const target = innermost instanceof Element ? innermost : null;
  if (target?.closest('input, textarea, select, [contenteditable=""], [contenteditable="true"], [role="menu"], [role="listbox"]')) return true;
  return document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
};

/** What each mounted {@link useShortcuts} answers to: `g a` typed on a page with an `a` of its own must go and not do both. */
const mounted = new Set<(keys: string) => boolean>();

/** Longest pause between the two keys of a sequence such as `g d`. */
const sequenceMs = 1200;

/**
 * Single-key shortcuts of a page: `{ 'g d': go, '/': focusFilter, '?': help }`. Keys are matched as typed (`?` and not Shift+/), letters with shift as `Shift+e`.
 * They never fire in fields, menus and dialogs or with modifiers, and not at all when switched off in the settings.
 */
export const useShortcuts = (shortcuts: Record<string, () => void>): void => {
  const { hasSingleKeys } = usePreferences();
  const run = useEffectEvent((keys: string): boolean => {
    const action = shortcuts[keys];
    action?.();
    return action !== undefined;
  });
  const isMine = useEffectEvent((keys: string): boolean => shortcuts[keys] !== undefined);
  useEffect(() => {
    if (!hasSingleKeys) return undefined;
    const answersTo = (keys: string): boolean => isMine(keys);
    mounted.add(answersTo);
    let first = '';
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isTaken(event)) return;
      const key = /^[a-z]$/i.test(event.key) ? (event.shiftKey ? `Shift+${event.key.toLowerCase()}` : event.key.toLowerCase()) : event.key;
      const sequence = first !== '' && event.timeStamp - firstAt < sequenceMs ? `${first} ${key}` : key;
      first = '';
      const isOthers = sequence !== key && [...mounted].some((one) => one !== answersTo && one(sequence));
      if (run(sequence) || (sequence !== key && !isOthers && run(key))) event.preventDefault();
      else {
        first = key;
        firstAt = event.timeStamp;
      }
    };
    addEventListener('keydown', onKeyDown);
    return () => {
      mounted.delete(answersTo);
      removeEventListener('keydown', onKeyDown);
    };
  }, [hasSingleKeys]);
};
