import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { RunState } from './run-state.ts';

/**
 * Wakes a run that waits for a person. It carries no authority: the row of the request decides. From the API it only names the
 * request, since the row is settled already; from the Temporal CLI it may bring a verdict, which policy accepts or refuses:
 * `temporal workflow signal --workflow-id RUN --name approvalDecision --input '{"requestId":"…","verdict":"approve","note":"…","by":"ana"}'`
 */
export interface ApprovalDecisionSignal {
  requestId: string;
  verdict?: 'approve' | 'reject' | 'confirm_happened';
  note?: string;
  by?: string;
}

/** Text as a signal gives it, cut to what is used and made of whole characters; undefined when it is none. From the Temporal CLI it may be anything of any size. */
const toText = (given: unknown, max: number): string | undefined => (typeof given === 'string' ? given.slice(0, max).toWellFormed().replaceAll('\u0000', '') : undefined);

/** A person's name as a signal gives it; undefined when it is none. */
export const toName = (given: unknown): string | undefined => toText(given, 120) || undefined;

/** A decision signal cut to what is used, since it is kept; undefined when it names no request. */
export function toKeptSignal(given: unknown): ApprovalDecisionSignal | undefined {
  const { requestId, verdict, note, by } = (typeof given === 'object' && given !== null ? given : {}) as Record<string, unknown>;
  if (typeof requestId !== 'string' || requestId.length > 64) return undefined;
  return {
    requestId,
    ...(verdict === undefined ? {} : { verdict: (toText(verdict, 100) ?? 'unreadable') as NonNullable<ApprovalDecisionSignal['verdict']> }),
    ...(typeof note === 'string' ? { note: toText(note, 2_000) as string } : {}),
    ...(toName(by) === undefined ? {} : { by: toName(by) as string }),
  };
}

export const approvalDecisionSignal = defineSignal<[ApprovalDecisionSignal]>('approvalDecision');

export interface ControlSignal {
  by?: string;
}
export const pauseSignal = defineSignal<[ControlSignal?]>('pause');
export const resumeSignal = defineSignal<[ControlSignal?]>('resume');
/** The message itself is in the database already; the signal shows it in the history and wakes nothing else. */
export const steerSignal = defineSignal<[{ messageId?: string }?]>('steer');

export const runStateQuery = defineQuery<RunState>('runState');
