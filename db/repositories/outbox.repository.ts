import type { Kysely } from 'kysely';
import { newId } from '../../platform/ids.ts';
import type { Database } from '../database.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import { insertEvents } from './events.repository.ts';

export interface DeliveredEmail {
  messageId: string;
  sender: string;
  recipients: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  text: string;
  /** As it came: untrusted. */
  html: string | null;
  attachments: { name: string; mediaType: string; content: Buffer }[];
}

/** Keeps a delivered e-mail with its attachments; one that arrives again under its Message-ID is counted, not doubled. */
export async function insertOutboxEmail(db: Kysely<Database>, email: DeliveredEmail): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const id = newId();
    const row = await trx
      .insertInto('outbox_emails')
      .values({
        id, message_id: toStorableText(email.messageId), sender: toStorableText(email.sender), recipients: toJsonb(email.recipients),
        cc: toJsonb(email.cc), bcc: toJsonb(email.bcc), subject: toStorableText(email.subject), text: toStorableText(email.text), html: email.html === null ? null : toStorableText(email.html),
      })
      .onConflict((conflict) => conflict.column('message_id').doUpdateSet((eb) => ({ deliveries: eb('outbox_emails.deliveries', '+', 1) })))
      .returning(['id'])
      .executeTakeFirstOrThrow();
    if (row.id !== id) return;
    // One by one: together they may be as large as a message.
    for (const [index, { name, mediaType, content }] of email.attachments.entries()) {
      await trx.insertInto('outbox_attachments').values({ email_id: id, index, name: toStorableText(name), media_type: toStorableText(mediaType), bytes: content.length, content }).execute();
    }
    await insertEvents(trx, [{ type: 'mail-received', run_id: null, data: { outbox_id: id } }]);
  });
}

/** The e-mail with this Message-ID, if it was delivered here. */
export async function findOutboxEmail(db: Kysely<Database>, messageId: string): Promise<{ id: string } | undefined> {
  return db.selectFrom('outbox_emails').select('id').where('message_id', '=', messageId).executeTakeFirst();
}
