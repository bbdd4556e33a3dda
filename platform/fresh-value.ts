/** Something that is loaded when it is wanted and kept for a moment; however many ask at once, it is loaded once. */
export interface FreshValue<Value> {
  /** @param maxAgeMs how old it may be; default is that of {@link createFreshValue}, 0: what was changed before this call is seen. */
  current(maxAgeMs?: number): Promise<Value>;
  /** The next {@link current} loads it anew. */
  forget(): void;
}

/**
 * Keeps what `load` gives for `freshMs`. A load that fails is told to all who wait for it and kept for nobody else.
 * @param now milliseconds, default the wall clock.
 */
export function createFreshValue<Value>(load: () => Promise<Value>, freshMs: number, now: () => number = Date.now): FreshValue<Value> {
  let latest: { value: Promise<Value>; loadedAt: number } | undefined;
  return {
    current(maxAgeMs = freshMs) {
      if (latest === undefined || now() - latest.loadedAt >= maxAgeMs) {
        const mine = { value: load(), loadedAt: now() };
        latest = mine;
        mine.value.catch(() => {
          if (latest === mine) latest = undefined;
        });
      }
      return latest.value;
    },
    forget() {
      latest = undefined;
    },
  };
}
