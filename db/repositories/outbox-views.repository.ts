import { type Kysely, sql } from 'kysely';
import type { OutboxEmail } from '../../contracts/system.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';

/** Where an e-mail stands in the list. */
export interface OutboxPosition {
  received_at: string;
  id: string;
}

/** E-mails newest first, each with its place in the list. */
export async function listOutboxEmails(
  db: Kysely<Database>,
  options: { after?: OutboxPosition | undefined; messageId?: string | undefined; limit: number },
): Promise<(OutboxEmail & { position: OutboxPosition })[]> {
  let query = db
    .selectFrom('outbox_emails')
    .select(['id', 'message_id', 'sender', 'recipients', 'cc', 'subject', 'text', 'received_at', microsecondText('received_at').as('position_at')])
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(options.limit);
  if (options.after !== undefined) query = query.where(sql<boolean>`(received_at, id) < (${options.after.received_at}::timestamptz, ${options.after.id}::uuid)`);
  if (options.messageId !== undefined) query = query.where('message_id', '=', options.messageId);
  return (await query.execute()).map((row) => ({
    id: row.id,
    message_id: row.message_id,
    from: row.sender,
    to: row.recipients,
    cc: row.cc,
    subject: row.subject,
    text: row.text,
    received_at: row.received_at.toISOString(),
    position: { received_at: row.position_at, id: row.id },
  }));
}
