import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { type DraftPiece, insertDraftPieces } from '../../db/repositories/drafts.repository.ts';
import type { ModelDelta } from '../llm/language-model.ts';

/** What one attempt at a turn is saying, on its way to whoever looks. */
export interface Draft {
  /** Takes a piece; never waits. */
  write(delta: ModelDelta): void;
  /** Nothing more of this draft reaches the log once this resolves: what had not been written by then is dropped. */
  end(): Promise<void>;
}

export interface DraftWriter {
  open(attempt: { stepId: string; iteration: number; attempt: number }): Draft;
}

/** UTF-16 code units of one channel that are shown while it is being said; the recorded answer has the rest. */
const maxShown = 200_000;

type Channel = ModelDelta['channel'];
const isHighSurrogate = (text: string): boolean => /[\ud800-\udbff]$/.test(text);

/**
 * Gathers the pieces of all turns of a worker and appends them to the event log, at most every `flushMs`, in one statement whatever
 * their number. A stream is never held up: a flush that fails is dropped and reported, and readers see the gap by the offsets.
 */
export function createDraftWriter({ db, flushMs = 150, onError = () => undefined }: { db: Kysely<Database>; flushMs?: number; onError?: (error: unknown) => void }): DraftWriter {
  let pending: DraftPiece[] = [];
  let flushing: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let flushedAt = Number.NEGATIVE_INFINITY;

  const flush = async (): Promise<void> => {
    timer = undefined;
    const batch = pending;
    pending = [];
    flushedAt = performance.now();
    if (batch.length > 0) await insertDraftPieces(db, batch).catch(onError);
  };
  // Settled by a later turn of the event loop also when there was nothing to write: else the flush would count as under way for ever.
  const begin = (): void => {
    flushing = flush().finally(() => {
      flushing = undefined;
      if (pending.length > 0) schedule();
    });
  };
  // The first piece after a silence goes at once, those behind it in groups.
  const schedule = (): void => {
    if (timer !== undefined || flushing !== undefined) return;
    timer = setTimeout(begin, Math.max(0, flushedAt + flushMs - performance.now()));
  };

  return {
    open({ stepId, iteration, attempt }) {
      const said: Record<Channel, number> = { thought: 0, text: 0 };
      /** Half of a pair of surrogates, kept back until the other half is there: alone it could not be stored. */
      const held: Record<Channel, string> = { thought: '', text: '' };
      let last: DraftPiece | undefined;
      let isOpen = true;
      return {
        write({ channel, text }) {
          let more = (held[channel] + text).slice(0, Math.max(0, maxShown - said[channel]));
          held[channel] = isHighSurrogate(more) ? more.slice(-1) : '';
          more = held[channel] === '' ? more : more.slice(0, -1);
          if (!isOpen || more === '') return;
          if (last !== undefined && last.channel === channel && pending.includes(last)) last.text += more;
          else pending.push((last = { step_id: stepId, iteration, attempt, channel, offset: said[channel], text: more }));
          said[channel] += more.length;
          schedule();
        },
        async end() {
          isOpen = false;
          pending = pending.filter((piece) => piece.step_id !== stepId || piece.attempt !== attempt);
          await flushing;
        },
      };
    },
  };
}
