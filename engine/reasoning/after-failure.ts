/** What a call, or the wish to make one, failed with: an AppError, or a limit of the run. */
export interface Failure {
  code: string;
  message: string;
  details?: Record<string, unknown> | undefined;
}

export interface FailureFacts {
  failure: Failure;
  /** Failed attempts at this model in this turn, this one included. */
  triesOnTarget: number;
  /** The same over all models of the turn. */
  totalTries: number;
  /** How often the conversation was shortened for this model already. */
  compactions: number;
  /** How often this model was not asked because its connection rests, this time included. */
  refusals: number;
  /** Another model of the agent has not been asked yet. */
  hasFallback: boolean;
}

export type NextMove = { action: 'retry'; delayMs: number } | { action: 'fallback' } | { action: 'compact' } | { action: 'end' };

/** With somebody else to ask, patience is shorter. */
const triesWithFallback = 3;
const triesWithout = 6;
const maxTotalTries = 12;
/** Waits for a resting connection: while another run's trial is under way these are some seconds each, else the rest. */
const maxRefusals = 30;
export const maxCompactions = 3;
/** A longer wait than this is worse than another model. */
const longDelayMs = 60_000;

const firstDelayMs = 500;
const maxDelayMs = 60_000;
/** 0.5 s, 1.5 s, 4.5 s, …: six tries outlast a minute of trouble. */
const backoffMs = (tries: number): number => Math.min(maxDelayMs, firstDelayMs * 3 ** (Math.max(1, tries) - 1));

/** Nothing about them mends by itself, but they may hold for this model or connection alone. */
const bindsTarget = new Set(['LLM_AUTHENTICATION', 'LLM_MODEL_NOT_FOUND', 'LLM_QUOTA_EXHAUSTED', 'LLM_NOT_CONFIGURED', 'LLM_CONNECTION_OFF', 'LLM_CAPACITY', 'LIMIT_COST']);
/** A bad moment of the provider. */
const mayPass = new Set(['LLM_UNAVAILABLE', 'LLM_RATE_LIMITED', 'LLM_RESPONSE_INVALID']);

/**
 * What follows from a failed call. Everything it depends on is given, so that each row of the failure table is a row of its test.
 * Attempts are bounded: three at a model while another is left, six otherwise, twelve over all.
 */
export function decideAfterFailure({ failure, triesOnTarget, totalTries, compactions, refusals, hasFallback }: FailureFacts): NextMove {
  const otherwise: NextMove = { action: hasFallback ? 'fallback' : 'end' };
  const said = failure.details?.['retry_after_ms'];
  const delayMs = typeof said === 'number' ? Math.max(said, firstDelayMs) : backoffMs(triesOnTarget);
  // A resting connection is not waited for while there is another. To wait is no attempt: a whole crowd may be waiting for one trial.
  if (failure.code === 'LLM_CIRCUIT_OPEN') return hasFallback || refusals > maxRefusals ? otherwise : { action: 'retry', delayMs };
  if (totalTries >= maxTotalTries) return { action: 'end' };
  if (failure.code === 'LLM_CONTEXT_TOO_LONG') return compactions < maxCompactions ? { action: 'compact' } : otherwise;
  if (bindsTarget.has(failure.code)) return otherwise;
  if (!mayPass.has(failure.code)) return { action: 'end' };
  if (hasFallback && (delayMs > longDelayMs || triesOnTarget >= triesWithFallback)) return { action: 'fallback' };
  return triesOnTarget >= triesWithout ? { action: 'end' } : { action: 'retry', delayMs };
}

/** What a person can do about a turn that ended this way; empty where the failure's own words say it. */
const advice: Record<string, string> = {
  LLM_REQUEST_INVALID: "Change the agent's model, parameters or tools to what the provider takes.",
  LLM_AUTHENTICATION: 'Give the connection a valid key and test it under Integrations.',
  LLM_MODEL_NOT_FOUND: 'Choose a model the connection offers.',
  LLM_QUOTA_EXHAUSTED: 'Add credit at the provider, or give the agent a fallback model.',
  LLM_CONTEXT_TOO_LONG: 'Shortening the conversation did not help. Choose a model that reads more, or make the goal and its inputs smaller.',
  LLM_RATE_LIMITED: 'Start the run again later, set limits on the connection, or give the agent a fallback model.',
  LLM_UNAVAILABLE: 'Test the connection under Integrations, and start the run again when it answers.',
  LLM_RESPONSE_INVALID: 'Test the connection under Integrations; its server may not speak the API it is set to.',
  LLM_CIRCUIT_OPEN: 'Test the connection under Integrations, or give the agent a fallback model.',
  LLM_NOT_CONFIGURED: 'Or choose another model for the agent.',
  LLM_CONNECTION_OFF: 'Switch it on under Integrations, or choose another model for the agent.',
  LLM_REFUSED: 'Put the goal in other words, or choose another model.',
};

/** The sentence a run ends with: what happened, how often it was tried, what to do. */
export function describeEnd({ failure, totalTries }: Pick<FailureFacts, 'failure' | 'totalTries'>): string {
  const tried = totalTries > 1 && mayPass.has(failure.code) ? `Tried ${totalTries} times.` : '';
  return [failure.message, tried, advice[failure.code] ?? ''].filter((part) => part !== '').join(' ');
}
