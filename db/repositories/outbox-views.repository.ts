import { type Kysely, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import type { OutboxEmail } from '../../contracts/system.ts';
import type { Database } from '../database.ts';
import { microsecondText } from '../microsecond-text.ts';

/** Where an e-mail stands in the list. */
export interface OutboxPosition {
  received_at: string;
  id: string;
}

/** E-mails newest first, each with its place in the list, without the content of their attachments. */
export async function listOutboxEmails(
  db: Kysely<Database>,
  options: { after?: OutboxPosition | undefined; messageId?: string | undefined; limit: number },
): Promise<(OutboxEmail & { position: OutboxPosition })[]> {
  let query = db
    .selectFrom('outbox_emails')
    .select((eb) => [
      'id', 'message_id', 'sender', 'recipients', 'cc', 'bcc', 'subject', 'text', 'html', 'received_at', microsecondText('received_at').as('position_at'),
      jsonArrayFrom(eb.selectFrom('outbox_attachments').select(['index', 'name', 'media_type', 'bytes']).whereRef('email_id', '=', 'outbox_emails.id').orderBy('index')).as('attachments'),
    ])
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
    bcc: row.bcc,
    subject: row.subject,
    text: row.text,
    html: row.html,
    attachments: row.attachments,
    received_at: row.received_at.toISOString(),
    position: { received_at: row.position_at, id: row.id },
  }));
}

/** One attachment with its content. */
export async function findOutboxAttachment(db: Kysely<Database>, emailId: string, index: number): Promise<{ name: string; mediaType: string; bytes: Buffer } | undefined> {
  const row = await db.selectFrom('outbox_attachments').select(['name', 'media_type', 'content']).where('email_id', '=', emailId).where('index', '=', index).executeTakeFirst();
  return row === undefined ? undefined : { name: row.name, mediaType: row.media_type, bytes: row.content };
}
