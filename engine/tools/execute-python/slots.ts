/**
 * Lets at most `count` holders at once; the others wait in the order they came. A waiter whose signal aborts leaves the queue with the
 * signal's reason.
 */
export interface Slots {
  /** Resolves to the function that gives the slot back, to be called once. */
  take(signal: AbortSignal): Promise<() => void>;
}

export const createSlots = (count: number): Slots => {
  let free = count;
  const waiting: (() => void)[] = [];
  const giveBack = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return {
    async take(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free -= 1;
        return giveBack;
      }
      await new Promise<void>((resolve, reject) => {
        const onTurn = (): void => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
        const onAbort = (): void => {
          waiting.splice(waiting.indexOf(onTurn), 1);
          reject(signal.reason as Error);
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(onTurn);
      });
      return giveBack;
    },
  };
};
