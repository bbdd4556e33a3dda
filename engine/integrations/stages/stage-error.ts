import type { ConnectionTest } from '../../../contracts/connections.ts';

/** What a failed stage says: the code, what was seen, what to do. */
export type StageFailure = Omit<NonNullable<ConnectionTest['failure']>, 'stage'>;

/** Ends a stage. Its words are our own, or a server's with the key taken out: they go to the browser. */
export class StageError extends Error {
  readonly failure: StageFailure;
  constructor(code: string, cause: string, fix: string, status: number | null = null) {
    super(cause);
    this.name = 'StageError';
    this.failure = { code, status, cause, fix };
  }
}
