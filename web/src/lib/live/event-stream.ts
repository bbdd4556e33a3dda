import { type MaestroEvent, maestroEventSchema } from '@contracts/events.ts';
import { createParser } from 'eventsource-parser';

/** `live`: events arrive · `reconnecting`: the connection broke, trying again · `refused`: signed out or not allowed. */
export type StreamStatus = 'connecting' | 'live' | 'reconnecting' | 'refused';

export interface EventStreamOptions {
  /** `fetch` that adds the bearer token and renews it. */
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  path: string;
  onEvent: (event: MaestroEvent) => void;
  onStatus: (status: StreamStatus) => void;
  signal: AbortSignal;
  /** Where to go on from; undefined: from now. */
  lastEventId?: string | undefined;
  /** Silence after which the connection counts as dead: two heartbeats of 15 s. */
  silenceMs?: number;
  /** First wait before a new attempt; doubled up to `maxDelayMs`, each with jitter. */
  minDelayMs?: number;
  maxDelayMs?: number;
}

const wait = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });

/** Parses the data of one message; an event of a newer server that is not known here is left out. */
export const parseEvent = (data: string): MaestroEvent | undefined => {
  try {
    const parsed = maestroEventSchema.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Reads the server's event stream until `signal` aborts: goes on from the last id after every break, treats silence as a
 * break, waits longer from attempt to attempt. Never rejects. Answers the last id seen.
 *
 * By `fetch` and not `EventSource`, because the bearer token must travel in a header.
 */
export const readEventStream = async (options: EventStreamOptions): Promise<string | undefined> => {
  const { path, onEvent, onStatus, signal, silenceMs = 30_000, minDelayMs = 500, maxDelayMs = 15_000 } = options;
  let { lastEventId } = options;
  let serverDelayMs: number | undefined;
  let failures = 0;
  onStatus('connecting');

  while (!signal.aborted) {
    const connection = new AbortController();
    const abort = (): void => connection.abort();
    signal.addEventListener('abort', abort, { once: true });
    let watchdog = setTimeout(abort, silenceMs);
    const markAlive = (): void => {
      clearTimeout(watchdog);
      watchdog = setTimeout(abort, silenceMs);
    };
    try {
      const response = await options.fetch(path, {
        headers: { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
        cache: 'no-store',
        signal: connection.signal,
      });
      if (response.status === 401 || response.status === 403) {
        onStatus('refused');
        return lastEventId;
      }
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || response.body === null || !type.startsWith('text/event-stream')) {
        await response.body?.cancel();
        throw new Error(`event stream answered ${response.status}`);
      }
      const parser = createParser({
        // An id without an event (the first line, a heartbeat that moves the cursor on) counts too.
        onId: (id) => {
          if (id !== '') lastEventId = id;
        },
        onEvent: ({ id, data }) => {
          if (id !== undefined && id !== '') lastEventId = id;
          const event = parseEvent(data);
          if (event !== undefined) onEvent(event);
        },
        onRetry: (milliseconds) => {
          serverDelayMs = milliseconds;
        },
      });
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      markAlive();
      failures = 0;
      onStatus('live');
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        markAlive();
        parser.feed(value);
      }
    } catch {
      // Whatever broke it, the answer is the same: go on from the last id after a wait.
    } finally {
      clearTimeout(watchdog);
      signal.removeEventListener('abort', abort);
      connection.abort();
    }
    if (signal.aborted) break;
    onStatus('reconnecting');
    const delay = Math.min(maxDelayMs, Math.max(serverDelayMs ?? minDelayMs, minDelayMs) * 2 ** Math.min(failures, 10));
    failures += 1;
    // Jitter, so that many browsers do not come back in the same moment after a restart.
    await wait(delay * (0.75 + Math.random() / 2), signal);
  }
  return lastEventId;
};
