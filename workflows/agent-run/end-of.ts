import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import type { TerminalRunPhase } from '../../contracts/runs.ts';
import type { RunEnd } from './run-state.ts';

/** A failed ending from a code and sentence, or from what an activity failed with; any other error is a bug and is thrown on. */
export function endOf(code: string | undefined, message: string | undefined, error?: unknown): { phase: TerminalRunPhase; end: RunEnd } {
  if (error === undefined) return { phase: 'failed', end: { code: code ?? 'INTERNAL', message: message ?? '' } };
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  return cause instanceof ApplicationFailure
    ? { phase: 'failed', end: { code: cause.type ?? 'INTERNAL', message: cause.message } }
    : { phase: 'failed', end: { code: 'INTERNAL', message: `${error.activityType} did not end: ${cause?.message ?? error.message}` } };
}
