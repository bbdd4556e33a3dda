import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits between the pieces of an answer, by a clock that is set once: pieces that came late are not followed by a full wait, so an answer
 * takes the time its script says. The wait ends early when `signal` aborts, without an error.
 */
export function createPace(paceMs: number, signal: AbortSignal): () => Promise<void> {
  let nextAt = performance.now();
  return async () => {
    nextAt += paceMs;
    const waitMs = nextAt - performance.now();
    if (paceMs > 0 && waitMs > 0 && !signal.aborted) await delay(waitMs, undefined, { signal }).catch(() => undefined);
  };
}
