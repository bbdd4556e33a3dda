import { ActivityFailure, ApplicationFailure, TemporalFailure } from '@temporalio/workflow';
import type { TerminalRunPhase } from '../../contracts/runs.ts';
import type { RunEnd } from './run-state.ts';

/** Half a character is no text to Temporal, which would refuse the workflow's own failure for it, again and again. */
const failed = (code: string, message: string): { phase: TerminalRunPhase; end: RunEnd } => ({ phase: 'failed', end: { code, message: message.toWellFormed() } });

/** A failed ending from a code and sentence, or from what an activity failed with; any other error is a bug and is thrown on. */
export function endOf(code: string | undefined, message: string | undefined, error?: unknown): { phase: TerminalRunPhase; end: RunEnd } {
  if (error === undefined) return failed(code ?? 'INTERNAL', message ?? '');
  if (!(error instanceof TemporalFailure)) throw error;
  // What a local activity failed with comes as it is, without an ActivityFailure around it.
  const [name, cause] = error instanceof ActivityFailure ? [error.activityType, error.cause] : ['An activity', error];
  return cause instanceof ApplicationFailure ? failed(cause.type ?? 'INTERNAL', cause.message) : failed('INTERNAL', `${name} did not end: ${cause?.message ?? error.message}`);
}
