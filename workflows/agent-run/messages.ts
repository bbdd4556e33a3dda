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
export const approvalDecisionSignal = defineSignal<[ApprovalDecisionSignal]>('approvalDecision');

export interface ControlSignal {
  by?: string;
}
export const pauseSignal = defineSignal<[ControlSignal?]>('pause');
export const resumeSignal = defineSignal<[ControlSignal?]>('resume');
/** The message itself is in the database already; the signal shows it in the history and wakes nothing else. */
export const steerSignal = defineSignal<[{ messageId?: string }?]>('steer');

export const runStateQuery = defineQuery<RunState>('runState');
