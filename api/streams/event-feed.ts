import type { Kysely } from 'kysely';
import type { MaestroEvent } from '../../contracts/events.ts';
import type { Database } from '../../db/database.ts';
import { compareEventPositions, type EventPage, type EventPosition, readEventsAfter } from '../../db/repositories/events.repository.ts';
import type { Logger } from '../../platform/logger.ts';

/** Somebody following the log. `position` is kept by the feed: everything up to it has been handed over. */
export interface EventFollower {
  runId: string | undefined;
  position: EventPosition;
  deliver(events: readonly MaestroEvent[]): void;
}

export interface EventFeed {
  /**
   * Takes a follower over once it has read as far as the feed; answers false when the feed is ahead by now and the follower
   * has to read on by itself first. From true on nothing is skipped and nothing is handed over twice.
   */
  attach(follower: EventFollower): boolean;
  detach(follower: EventFollower): void;
}

export interface EventFeedOptions {
  db: Kysely<Database>;
  logger: Logger;
  /** Default 150. */
  pollMs?: number | undefined;
  onChange?: ((followers: number) => void) | undefined;
  onEvents?: ((count: number) => void) | undefined;
}

const pageSize = 500;
/** After a failed reading, so that a database that is down is not asked seven times a second. */
const retryMs = 1_000;

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Reads the event log once for all followers of a process, as long as there is one. Polling is enough and works everywhere:
 * PGlite's socket and connection poolers deliver no notifications.
 */
export function createEventFeed({ db, logger, pollMs = 150, onChange, onEvents }: EventFeedOptions): EventFeed {
  const followers = new Set<EventFollower>();
  let position: EventPosition | undefined;
  let hasFailed = false;

  const hand = (page: EventPage): void => {
    for (const follower of followers) {
      const fresh = page.events.filter(({ position: at, event }) =>
        compareEventPositions(at, follower.position) > 0 && (follower.runId === undefined || follower.runId === event.run_id));
      if (compareEventPositions(page.position, follower.position) > 0) follower.position = page.position;
      if (fresh.length > 0) follower.deliver(fresh.map(({ event }) => event));
    }
  };

  const readOn = async (after: EventPosition): Promise<number> => {
    try {
      const page = await readEventsAfter(db, { after, limit: pageSize });
      position = page.position;
      hasFailed = false;
      onEvents?.(page.events.length);
      hand(page);
      return page.isFull ? 0 : pollMs;
    } catch (error) {
      if (!hasFailed) logger.warn({ error }, 'event log not readable');
      hasFailed = true;
      return retryMs;
    }
  };

  const run = async (): Promise<void> => {
    while (followers.size > 0 && position !== undefined) {
      const waitMs = await readOn(position);
      if (followers.size > 0 && waitMs > 0) await pause(waitMs);
    }
    position = undefined;
  };

  return {
    attach(follower) {
      if (position !== undefined && compareEventPositions(follower.position, position) < 0) return false;
      followers.add(follower);
      onChange?.(followers.size);
      if (position === undefined) {
        position = follower.position;
        void run();
      }
      return true;
    },
    detach(follower) {
      if (followers.delete(follower)) onChange?.(followers.size);
    },
  };
}
