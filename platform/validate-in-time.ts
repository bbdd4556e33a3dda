import { createContext, Script } from 'node:vm';

/** Milliseconds. A schema can be written so that a check takes for ever (a pattern that backtracks, references that branch). */
export const validationTimeoutMs = 1_000;
const script = new Script('validate(value)');
/** Of use for its time limit alone; making one for each check costs several milliseconds. */
const context = createContext({ validate: undefined, value: undefined }) as { validate: unknown; value: unknown };

/** What a check came to: `slow` was given up, `endless` is a schema that refers to itself without end for this value. */
export type CheckOutcome = 'fits' | 'does_not_fit' | 'slow' | 'endless';

/** Runs the check of a schema that somebody else wrote, and gives it up in time, whatever it does. */
export function validateInTime(validate: (value: unknown) => unknown, value: unknown): CheckOutcome {
  Object.assign(context, { validate, value });
  try {
    return script.runInContext(context, { timeout: validationTimeoutMs }) === true ? 'fits' : 'does_not_fit';
  } catch (error) {
    return (error as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? 'slow' : 'endless';
  } finally {
    Object.assign(context, { validate: undefined, value: undefined });
  }
}
