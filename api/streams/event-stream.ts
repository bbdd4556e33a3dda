import { once } from 'node:events';
import type { Request, Response } from 'express';
import { decodeJwt } from 'jose';
import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { MaestroEvent } from '../../contracts/events.ts';
import type { Database } from '../../db/database.ts';
import { compareEventPositions, type EventPosition, getEventHead, parseEventId, readEventsAfter, toEventId } from '../../db/repositories/events.repository.ts';
import type { EventFeed, EventFollower } from './event-feed.ts';

/** What a client that broke off waits before it comes back, in milliseconds. */
const reconnectMs = 1_000;
/** Bytes that may wait for a slow client. One that falls further behind is cut off and resumes by id when it is ready. */
const maxQueuedBytes = 1024 * 1024;
/** How long a client that reads its backlog may take for one page of it. */
const drainTimeoutMs = 30_000;
const pageSize = 200;

export interface EventStreamOptions {
  db: Kysely<Database>;
  feed: EventFeed;
  runId: string | undefined;
  /** Where the client goes on from; undefined: from now. */
  lastEventId: string | undefined;
  heartbeatMs: number;
  /** Rejects once the person behind the stream may no longer read it. */
  checkAccess: () => Promise<unknown>;
  stopping: AbortSignal | undefined;
}

const toMessage = (event: MaestroEvent): string => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;

/** Milliseconds until the bearer token of a request ends; undefined for tokens without an end. The token was checked before. */
function tokenLifeMs(request: Request): number | undefined {
  const token = /^Bearer +(\S+)/i.exec(request.get('authorization') ?? '')?.[1];
  if (token === undefined) return undefined;
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? undefined : Math.max(0, exp * 1000 - Date.now());
  } catch {
    return undefined;
  }
}

/** Where to start. An id that lies ahead of the log is from a database that is no more: the client goes on from now. */
async function startPosition(db: Kysely<Database>, lastEventId: string | undefined): Promise<EventPosition> {
  const asked = lastEventId === undefined ? undefined : parseEventId(lastEventId);
  if (lastEventId !== undefined && asked === undefined) throw new AppError('CURSOR_INVALID', 'The event id is not one of this server.');
  const head = await getEventHead(db);
  return asked === undefined || compareEventPositions(asked, head) > 0 ? head : asked;
}

/**
 * Answers a request with the event log as server-sent events: first what the client has missed, then what happens, in one order
 * and without a gap between. Ends when the client leaves or is too slow, the person's access ends, or the server stops.
 * Throws CURSOR_INVALID before anything is sent.
 */
export async function streamEvents(request: Request, response: Response, options: EventStreamOptions): Promise<void> {
  const { db, feed, runId, stopping } = options;
  const follower: EventFollower = {
    runId,
    position: await startPosition(db, options.lastEventId),
    deliver: (events) => send(events.map(toMessage).join('')),
  };
  // A client that hung up meanwhile will not close a second time.
  if (response.destroyed || stopping?.aborted === true) {
    response.end();
    return;
  }
  let isOpen = true;
  const send = (text: string): boolean => {
    if (!isOpen) return true;
    // Judged before the write: whoever has taken everything so far may be given a page of any size.
    if (response.writableLength <= maxQueuedBytes) return response.write(text);
    response.destroy();
    return true;
  };
  const end = (): void => void response.end();
  const heartbeat = setInterval(() => {
    // Who is still being sent something hears that way that the stream is alive.
    if (response.writableLength === 0) send(`: heartbeat\nid: ${toEventId(follower.position)}\n\n`);
    options.checkAccess().catch((error: unknown) => {
      if (error instanceof AppError && (error.code === 'UNAUTHENTICATED' || error.code === 'FORBIDDEN')) end();
    });
  }, options.heartbeatMs);
  const lifeMs = tokenLifeMs(request);
  const expiry = lifeMs === undefined ? undefined : setTimeout(end, Math.min(lifeMs, 2_147_483_647));
  stopping?.addEventListener('abort', end, { once: true });
  response.once('close', () => {
    isOpen = false;
    clearInterval(heartbeat);
    clearTimeout(expiry);
    stopping?.removeEventListener('abort', end);
    feed.detach(follower);
  });

  response.status(200).set({ 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store, no-transform', 'x-accel-buffering': 'no' });
  send(`retry: ${reconnectMs}\n: connected\nid: ${toEventId(follower.position)}\n\n`);

  const isWritable = (): boolean => isOpen && !response.writableEnded;
  while (isWritable()) {
    const page = await readEventsAfter(db, { after: follower.position, runId, limit: pageSize });
    if (!isWritable()) return;
    const hasRoom = page.events.length === 0 || send(page.events.map(({ event }) => toMessage(event)).join(''));
    follower.position = page.position;
    if (!hasRoom) await waitForRoom(response);
    if (!page.isFull && isWritable() && feed.attach(follower)) return;
  }
}

/** Waits until a slow client has taken what was sent; one that does not in time is cut off. */
async function waitForRoom(response: Response): Promise<void> {
  const done = new AbortController();
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(drainTimeoutMs)]);
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).catch(() => response.destroy());
  done.abort();
}
