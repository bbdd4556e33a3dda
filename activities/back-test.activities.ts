import { Context } from '@temporalio/activity';
import { type BackTestEnding, carryOutBackTest, endBackTest } from '../engine/governance/index.ts';
import type { SweepDeps } from '../engine/runs/index.ts';
import { startHeartbeat, toActivityFailure } from './to-activity-failure.ts';

/** Drafts of policies judged against what was decided. */
export const createBackTestActivities = (deps: Pick<SweepDeps, 'db'>) => ({
  async carryOutBackTest({ backTestId }: { backTestId: string }): Promise<void> {
    const stopHeartbeat = startHeartbeat();
    try {
      await carryOutBackTest(deps, { backTestId, signal: Context.current().cancellationSignal });
    } catch (error) {
      throw toActivityFailure(error);
    } finally {
      stopHeartbeat();
    }
  },

  async endBackTest(ending: BackTestEnding): Promise<void> {
    try {
      await endBackTest(deps, ending);
    } catch (error) {
      throw toActivityFailure(error);
    }
  },
});
