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

/**
 * Makes a loader of `load` that gives what it gave before while `findVersion` says the same, for at most what `keepMsOf` says of it. The
 * version is looked up before the value is loaded, so that a value is never taken for a newer one than it is.
 * @param now milliseconds, default the wall clock.
 */
export function onlyWhenChanged<Value>({ findVersion, load, keepMsOf }: { findVersion(): Promise<unknown>; load(): Promise<Value>; keepMsOf(value: Value): number }, now: () => number = Date.now): () => Promise<Value> {
  let made: { version: unknown; value: Value; until: number } | undefined;
  return async () => {
    const version = await findVersion();
    if (made !== undefined && made.version === version && now() < made.until) return made.value;
    const value = await load();
    made = { version, value, until: now() + keepMsOf(value) };
    return value;
  };
}
