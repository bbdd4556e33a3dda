import { createParser } from 'eventsource-parser';
import { type MaestroEvent, maestroEventSchema } from '../../contracts/events.ts';
import { until } from './until.ts';

/** A client of the event stream: what arrived so far, every event parsed strictly. */
export interface EventReader {
  events: MaestroEvent[];
  /** When each of them arrived, by the clock of `Date.now()` but finer. */
  arrivedAt: number[];
  /** The newest id, of an event or a heartbeat. */
  lastEventId: string | undefined;
  comments: string[];
  retryMs: number | undefined;
  hasEnded: boolean;
  waitFor(what: string, condition: (events: MaestroEvent[]) => boolean): Promise<void>;
  close(): void;
}

/** Opens the stream and resolves once it is answered and the first bytes are there. */
export async function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  if (response.status !== 200 || response.body === null) throw new Error(`the stream answered ${response.status}: ${await response.text()}`);
  const reader: EventReader = {
    events: [], arrivedAt: [], lastEventId: undefined, comments: [], retryMs: undefined, hasEnded: false,
    waitFor: async (what, condition) => {
      await until(what, () => condition(reader.events), { everyMs: 5 });
    },
    close: () => abort.abort(),
  };
  const parser = createParser({
    onEvent: ({ id, data }) => {
      reader.lastEventId = id ?? reader.lastEventId;
      reader.arrivedAt.push(performance.timeOrigin + performance.now());
      reader.events.push(maestroEventSchema.parse(JSON.parse(data)));
    },
    onId: (id) => {
      reader.lastEventId = id;
    },
    onComment: (comment) => reader.comments.push(comment),
    onRetry: (milliseconds) => {
      reader.retryMs = milliseconds;
    },
  });
  const chunks = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await chunks.read();
      if (done) break;
      parser.feed(value);
    }
  };
  void read().catch(() => undefined).finally(() => {
    reader.hasEnded = true;
  });
  await until('the stream to begin', () => reader.lastEventId !== undefined || reader.hasEnded, { everyMs: 5 });
  return reader;
}
