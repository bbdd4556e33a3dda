import { AppError } from '../../contracts/errors.ts';

interface Limit {
  /** Failures before waiting begins. */
  free: number;
  firstWaitMs: number;
  maxWaitMs: number;
}

/** Doubling waits make guessing hopeless while a person who mistyped is back in seconds. */
const accountLimit: Limit = { free: 5, firstWaitMs: 5_000, maxWaitMs: 300_000 };
/** Wide, since many people may share one address (or the address of a proxy). */
const addressLimit: Limit = { free: 100, firstWaitMs: 1_000, maxWaitMs: 30_000 };
/** Failures are forgotten after this long without another. */
const memoryMs = 15 * 60_000;
const maxEntries = 20_000;

interface Entry {
  failures: number;
  blockedUntil: number;
  lastAt: number;
}

/**
 * Slows down guessing of passwords and link tokens, by account and by network address. Kept in memory, so every api instance
 * counts for itself: n instances give an attacker n times the guesses, which the waits leave harmless.
 */
export class SignInThrottle {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;

  /** @param now milliseconds, default the wall clock. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Begins an attempt, counted as failed until `succeed` is called, so that attempts made at the same time count as well.
   * Throws TOO_MANY_ATTEMPTS with `details.retry_after_ms`; a refused attempt is not counted.
   */
  begin(who: { account?: string | undefined; address?: string | undefined }): { succeed(): void } {
    const keys: [key: string, limit: Limit][] = [];
    if (who.account !== undefined) keys.push([`account ${who.account.toLowerCase()}`, accountLimit]);
    if (who.address !== undefined) keys.push([`address ${who.address}`, addressLimit]);
    const now = this.#now();
    const waitMs = Math.max(0, ...keys.map(([key]) => (this.#entries.get(key)?.blockedUntil ?? 0) - now));
    if (waitMs > 0) throw new AppError('TOO_MANY_ATTEMPTS', undefined, { details: { retry_after_ms: waitMs } });
    for (const [key, limit] of keys) this.#count(key, limit, now);
    return {
      succeed: () => {
        for (const [key, limit] of keys) this.#takeBack(key, limit);
      },
    };
  }

  #count(key: string, limit: Limit, now: number): void {
    const known = this.#entries.get(key);
    const failures = (known === undefined || now - known.lastAt > memoryMs ? 0 : known.failures) + 1;
    const waitMs = failures < limit.free ? 0 : Math.min(limit.maxWaitMs, limit.firstWaitMs * 2 ** Math.min(30, failures - limit.free));
    // Set anew so that the map's order is that of the last attempt, and the oldest is the one to forget.
    this.#entries.delete(key);
    this.#entries.set(key, { failures, blockedUntil: now + waitMs, lastAt: now });
    if (this.#entries.size > maxEntries) this.#entries.delete(this.#entries.keys().next().value as string);
  }

  /** An account whose owner came in starts anew; an address is only given this one attempt back. */
  #takeBack(key: string, limit: Limit): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (limit === accountLimit || entry.failures <= 1) this.#entries.delete(key);
    else this.#entries.set(key, { ...entry, failures: entry.failures - 1, blockedUntil: 0 });
  }
}
