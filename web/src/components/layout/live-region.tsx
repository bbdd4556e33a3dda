import { useSyncExternalStore } from 'react';

type Politeness = 'polite' | 'assertive';
let messages: Record<Politeness, { text: string; serial: number }> = { polite: { text: '', serial: 0 }, assertive: { text: '', serial: 0 } };
const listeners = new Set<() => void>();

/** Has screen readers say `text`: politely after what they are saying, or at once. */
export const announce = (text: string, politeness: Politeness = 'polite'): void => {
  messages = { ...messages, [politeness]: { text, serial: messages[politeness].serial + 1 } };
  for (const listener of listeners) listener();
};

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Hidden, always mounted: regions added together with their message are often not read. */
export const LiveRegion = () => {
  const { polite, assertive } = useSyncExternalStore(subscribe, () => messages);
  // The no-break space at the end makes the same sentence twice a change that is read again.
  const again = (serial: number): string => (serial % 2 === 0 ? '' : '\u00a0');
  return (
    <>
      <div aria-live="polite" role="status" className="sr-only">{polite.text + again(polite.serial)}</div>
      <div aria-live="assertive" role="alert" className="sr-only">{assertive.text + again(assertive.serial)}</div>
    </>
  );
};
