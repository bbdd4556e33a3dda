import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type * as cedarPackage from '@cedar-policy/cedar-wasm/nodejs';

/** Cedar's functions, all of one instance of its WebAssembly. */
export type Cedar = typeof cedarPackage;

/** So many breakdowns within a minute: after that no instance is made until the minute has passed, so that whatever breaks them costs little. */
export const maxBreakdowns = 20;
const minuteMs = 60_000;
/** The same question over which an instance broke twice is not asked again for a minute. Once may have been another question's fault. */
const maxTries = 2;
/**
 * An exception that is no breakdown takes some 200 to 700 bytes of the instance's stack (1 MB) with it. With 4.13.0 nothing fits on it after
 * 1,500 texts that are not well-formed Unicode; what is deep and allowed no longer fits much earlier.
 */
export const maxExceptions = 100;

/** The engine broke down, or must not be asked just now: that says nothing about what it was asked. */
export class EngineBreakdown extends Error {}

/** One breakdown, without anything of what was asked. */
export interface Breakdown {
  error: unknown;
  /** Of the policies that were being judged by or made into a set; undefined: of none, a text was only looked at. */
  policyVersion: string | undefined;
}

/** The set of policies for which the engine is asked, for whoever reads of a breakdown. */
export const policyVersionInUse = new AsyncLocalStorage<string>();

/**
 * A fresh instance: the package makes one whenever its module is evaluated. A `require` of its own, because each keeps all modules it ever
 * loaded, with the memory of their instances.
 */
export function loadCedar(): Cedar {
  const require = createRequire(import.meta.url);
  const file = require.resolve('@cedar-policy/cedar-wasm/nodejs');
  delete require.cache[file];
  return require(file) as Cedar;
}

/** WebAssembly that panicked, or ran out of memory or of its own stack, throws the first; out of the stack it shares with JavaScript, the second. */
const isTrap = (error: unknown): boolean => error instanceof Error && (error.name === 'RuntimeError' || error instanceof RangeError);

/**
 * An instance of Cedar that is replaced when it breaks: after a trap it would answer nothing but further traps. What it had loaded is lost
 * with it.
 * @param load makes a fresh instance, here for the first time: it throws where there cannot be one.
 * @param now milliseconds, default the wall clock.
 */
export function createCedarInstance(load: () => Cedar = loadCedar, now: () => number = Date.now) {
  let cedar: Cedar | undefined = load();
  let generation = 0;
  let exceptions = 0;
  let breakdowns: number[] = [];
  /** Questions over which an instance broke, by digest: how often, and when last. */
  const culprits = new Map<string, { times: number; at: number }>();
  let report: (breakdown: Breakdown) => void = () => undefined;

  const drop = (): void => {
    cedar = undefined;
    generation += 1;
    exceptions = 0;
  };
  const note = (error: unknown): void => {
    breakdowns.push(now());
    report({ error, policyVersion: policyVersionInUse.getStore() });
  };
  const digestOf = (subject: string): string => createHash('sha256').update(subject).digest('base64');

  function obtain(): Cedar {
    if (cedar !== undefined) return cedar;
    breakdowns = breakdowns.filter((at) => at > now() - minuteMs);
    if (breakdowns.length >= maxBreakdowns) throw new EngineBreakdown(`The policy engine broke down ${maxBreakdowns} times within a minute. No call is allowed until it is tried again, once the minute has passed.`);
    try {
      cedar = load();
    } catch (error) {
      note(error);
      throw new EngineBreakdown('The policy engine broke down and no other could be started. No call is allowed in this process until one can.', { cause: error });
    }
    return cedar;
  }

  function refuseCulprit(subjectOf: () => string): void {
    for (const [digest, { at }] of culprits) if (at <= now() - minuteMs) culprits.delete(digest);
    if (culprits.size > 0 && (culprits.get(digestOf(subjectOf()))?.times ?? 0) >= maxTries) throw new EngineBreakdown('it broke down over the same a moment ago');
  }

  return {
    /** Changes with every instance: what was loaded into another one is not there. */
    get generation(): number {
      return generation;
    },

    /**
     * Asks the instance. Throws {@link EngineBreakdown} where it breaks or there is none, and whatever Cedar throws otherwise.
     * @param subjectOf what is asked, as a text of its own: what breaks it twice is not asked again for a minute.
     */
    ask<Answer>(subjectOf: () => string, question: (cedar: Cedar) => Answer): Answer {
      refuseCulprit(subjectOf);
      const asked = obtain();
      try {
        return question(asked);
      } catch (error) {
        if (isTrap(error)) {
          drop();
          const digest = digestOf(subjectOf());
          culprits.set(digest, { times: (culprits.get(digest)?.times ?? 0) + 1, at: now() });
          note(error);
          throw new EngineBreakdown('it broke down', { cause: error });
        }
        exceptions += 1;
        if (exceptions >= maxExceptions) drop();
        throw error;
      }
    },

    /** Why nothing can be asked now, as sentences; undefined: it can. Makes a fresh instance where one is due. */
    findOutage(): string | undefined {
      try {
        obtain();
        return undefined;
      } catch (error) {
        if (error instanceof EngineBreakdown) return error.message;
        throw error;
      }
    },

    /** Whom to tell of every breakdown, in place of whoever was told before. */
    reportTo(listener: (breakdown: Breakdown) => void): void {
      report = listener;
    },
  };
}

/** The one that this process judges with. */
export const cedarInstance = createCedarInstance();
