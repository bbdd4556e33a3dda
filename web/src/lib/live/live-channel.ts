import type { MaestroEvent } from '@contracts/events.ts';
import { createBatcher } from './event-batch.ts';
import { readEventStream, type StreamStatus } from './event-stream.ts';

export type TextDelta = Extract<MaestroEvent, { type: 'text-delta' }>;
type Message = { kind: 'event'; event: MaestroEvent } | { kind: 'status'; status: StreamStatus } | { kind: 'hello' };

export interface LiveChannel {
  status: () => StreamStatus;
  subscribeStatus: (listener: () => void) => () => void;
  /** Events in order, in batches at most four times a second; without the words of models. */
  subscribe: (listener: (events: MaestroEvent[]) => void) => () => void;
  /** Words of models as they come, in batches at most once a frame; where nobody listens, nothing is kept or scheduled. */
  subscribeDeltas: (listener: (events: TextDelta[]) => void) => () => void;
  close: () => void;
}

/** About one frame of a screen. By a timer all the same: see createBatcher. */
const frameMs = 16;

/**
 * The live events of one signed-in person. One tab of the browser (the holder of a Web Lock) keeps the stream and passes
 * events on to the others by BroadcastChannel; when it closes, another takes over and goes on from the last id.
 * Where the browser lacks either, every tab keeps its own stream.
 */
export const openLiveChannel = ({
  fetch,
  userId,
  path = '/api/events',
  silenceMs,
}: {
  fetch: (path: string, init: RequestInit) => Promise<Response>;
  userId: string;
  path?: string;
  silenceMs?: number;
}): LiveChannel => {
  const name = `maestro-live-${userId}`;
  const closing = new AbortController();
  const { signal } = closing;
  const statusListeners = new Set<() => void>();
  const eventListeners = new Set<(events: MaestroEvent[]) => void>();
  const batcher = createBatcher<MaestroEvent>((events) => {
    for (const listener of eventListeners) listener(events);
  });
  const deltaListeners = new Set<(events: TextDelta[]) => void>();
  const deltaBatcher = createBatcher<TextDelta>((events) => {
    for (const listener of deltaListeners) listener(events);
  }, frameMs);
  let status: StreamStatus = 'connecting';
  let lastEventId: string | undefined;
  let isLeader = false;

  const setStatus = (next: StreamStatus): void => {
    if (status === next) return;
    status = next;
    for (const listener of statusListeners) listener();
  };
  const accept = (event: MaestroEvent): void => {
    lastEventId = event.id;
    if (event.type !== 'text-delta') batcher.add(event);
    else if (deltaListeners.size > 0) deltaBatcher.add(event);
  };

  const canShare = globalThis.navigator?.locks !== undefined && globalThis.BroadcastChannel !== undefined;
  const channel = canShare ? new BroadcastChannel(name) : undefined;
  const post = (message: Message): void => channel?.postMessage(message);

  const lead = async (): Promise<void> => {
    isLeader = true;
    lastEventId = await readEventStream({
      fetch,
      path,
      signal,
      lastEventId,
      ...(silenceMs === undefined ? {} : { silenceMs }),
      onEvent: (event) => {
        accept(event);
        post({ kind: 'event', event });
      },
      onStatus: (next) => {
        setStatus(next);
        post({ kind: 'status', status: next });
      },
    });
    isLeader = false;
  };

  channel?.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'hello') {
      if (isLeader) post({ kind: 'status', status });
    } else if (!isLeader) {
      if (data.kind === 'event') accept(data.event);
      else setStatus(data.status);
    }
  });

  if (canShare) {
    post({ kind: 'hello' });
    navigator.locks.request(name, { signal }, lead).catch(() => {
      // Only an abort ends the wait for the lock: this tab has closed its channel.
    });
  } else {
    void lead();
  }

  return {
    status: () => status,
    subscribeStatus(listener) {
      statusListeners.add(listener);
      return () => statusListeners.delete(listener);
    },
    subscribe(listener) {
      eventListeners.add(listener);
      return () => eventListeners.delete(listener);
    },
    subscribeDeltas(listener) {
      deltaListeners.add(listener);
      return () => deltaListeners.delete(listener);
    },
    close() {
      closing.abort();
      batcher.stop();
      deltaBatcher.stop();
      channel?.close();
    },
  };
};
