import type { Kysely, Selectable } from 'kysely';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { MessagesTable, RecalledText } from '../tables/runs.table.ts';

export type MessageRow = Selectable<MessagesTable>;

export interface NewMessage {
  id: string;
  runId: string;
  iteration: number;
  source: MessageRow['source'];
  text: string;
  thought?: string | null;
  providerState?: unknown;
  finishReason?: string | null;
  requestRef?: string | null;
  seenPosition?: number | null;
  recalled?: readonly RecalledText[];
}

/** {@link insertMessage}, to be carried out beside other writes. */
export const messageInsert = (message: NewMessage): Beside => (db) =>
  db
    .insertInto('messages')
    .values({
      id: message.id,
      run_id: message.runId,
      iteration: message.iteration,
      role: message.source === 'model' ? 'assistant' : 'user',
      source: message.source,
      text: toStorableText(message.text),
      thought: message.thought == null ? null : toStorableText(message.thought),
      provider_state: message.providerState == null ? null : toJsonb(message.providerState),
      finish_reason: message.finishReason ?? null,
      request_ref: message.requestRef ?? null,
      seen_position: message.seenPosition ?? null,
      recalled: (message.recalled ?? []).length === 0 ? null : toJsonb(message.recalled),
    });

/** Adds a message to a run's conversation. */
export async function insertMessage(trx: Kysely<Database>, message: NewMessage): Promise<void> {
  await messageInsert(message)(trx).execute();
}

/** The whole conversation without tool results, in the order it was said. */
export async function listMessages(db: Kysely<Database>, runId: string): Promise<MessageRow[]> {
  return db.selectFrom('messages').selectAll().where('run_id', '=', runId).orderBy('position').execute();
}

/** The model's message of one turn, if that turn was already recorded. */
export async function findModelMessage(db: Kysely<Database>, runId: string, iteration: number): Promise<MessageRow | undefined> {
  return db.selectFrom('messages').selectAll().where('run_id', '=', runId).where('iteration', '=', iteration).where('source', '=', 'model').executeTakeFirst();
}

/** What the model said last. */
export async function findLastModelMessage(db: Kysely<Database>, runId: string): Promise<MessageRow | undefined> {
  return db.selectFrom('messages').selectAll().where('run_id', '=', runId).where('source', '=', 'model').orderBy('position', 'desc').limit(1).executeTakeFirst();
}

/** Whether the run's conversation was opened, which its first message from the system does. */
export async function hasSystemMessage(db: Kysely<Database>, runId: string): Promise<boolean> {
  return (await db.selectFrom('messages').select('id').where('run_id', '=', runId).where('source', '=', 'system').limit(1).executeTakeFirst()) !== undefined;
}
