import type { ConnectionTest } from '../../../../contracts/connections.ts';

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

/** The code of a system, TLS or HTTP client error, looked for through causes and aggregates. */
export function systemCodeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 6) return undefined;
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause;
  const deeper = systemCodeOf(inner, depth + 1);
  // undici names a broken answer and gives it no code.
  const { code } = error.name === 'HTTPParserError' ? { code: 'HPE_INVALID' } : (error as { code?: unknown });
  return deeper ?? (typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : undefined);
}
