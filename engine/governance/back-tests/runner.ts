import type { TemporalRunStatus } from '../../runs/agent-runs.ts';

/** Carries back-tests out on the durable side, so that a restart loses none. All calls throw TEMPORAL_UNAVAILABLE when it cannot be reached. */
export interface BackTestRunner {
  /** Starting the same back-test again is the same start. `subject` says to people there what is tested. */
  start(backTest: { backTestId: string; subject: string }): Promise<void>;
  /** Nothing happens to one that has ended or is not known. */
  cancel(backTestId: string): Promise<void>;
  describe(backTestId: string): Promise<TemporalRunStatus>;
}
