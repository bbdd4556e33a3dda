import { Context } from '@temporalio/activity';
import { listDeciderIds } from '../engine/hitl/index.ts';
import { deliverNotices, type DeliveryRound, type NoticeDeps } from '../engine/notices/index.ts';
import { startHeartbeat, toActivityFailure } from './to-activity-failure.ts';

/** What leaves the house. */
export const createNoticeActivities = (deps: Omit<NoticeDeps, 'listDeciderIds'>) => ({
  /** Sends the notices that are due; tells how long there is nothing to do after that. */
  async deliverNotices(): Promise<DeliveryRound> {
    const stopHeartbeat = startHeartbeat();
    try {
      return await deliverNotices({ ...deps, listDeciderIds }, { stop: Context.current().cancellationSignal });
    } catch (error) {
      throw toActivityFailure(error);
    } finally {
      stopHeartbeat();
    }
  },
});
