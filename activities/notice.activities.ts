import { Context } from '@temporalio/activity';
import { deliverNotices, type DeliveryRound, type NoticeDeps } from '../engine/notices/index.ts';
import { startHeartbeat, toActivityFailure } from './to-activity-failure.ts';

/** What leaves the house. */
export const createNoticeActivities = (deps: NoticeDeps) => ({
  /** Sends the notices that are due; tells how long there is nothing to do after that. */
  async deliverNotices(): Promise<DeliveryRound> {
    const stopHeartbeat = startHeartbeat();
    try {
      return await deliverNotices(deps, { stop: Context.current().cancellationSignal });
    } catch (error) {
      throw toActivityFailure(error);
    } finally {
      stopHeartbeat();
    }
  },
});
