import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { type Outbox, startOutbox } from './outbox.ts';

let database: TestDatabase;
let outbox: Outbox;
beforeAll(async () => {
  database = await createTestDatabase();
  outbox = await startOutbox({ db: database.db, port: 0 });
});
afterAll(async () => {
  await outbox.stop();
  await database.close();
});

const send = async (mail: Record<string, unknown>): Promise<void> => {
  const transport = createTransport(outbox.url);
  try {
    await transport.sendMail({ from: 'Maestro <maestro@localhost>', to: 'lead@example.com', subject: 'Summary', text: 'Hello', ...mail });
  } finally {
    transport.close();
  }
};
const rowsOf = (messageId: string) => database.db.selectFrom('outbox_emails').selectAll().where('message_id', '=', messageId).execute();

test('an accepted e-mail is in the database, decoded, with every recipient of the envelope', async () => {
  await send({ messageId: '<one@test>', subject: 'Zusammenfassung für heute ✓', text: 'Grüße\n47 Tickets', cc: 'second@example.com', bcc: 'hidden@example.com' });
  expect(await rowsOf('<one@test>')).toMatchObject([
    { sender: '"Maestro" <maestro@localhost>', recipients: ['lead@example.com', 'hidden@example.com'], cc: ['second@example.com'], subject: 'Zusammenfassung für heute ✓', text: expect.stringContaining('Grüße\n47 Tickets'), deliveries: 1 },
  ]);
});

test('the same Message-ID again is counted, stays one e-mail and is reported once', async () => {
  await Promise.all([send({ messageId: '<two@test>' }), send({ messageId: '<two@test>' })]);
  await send({ messageId: '<two@test>', text: 'changed' });
  const [row, ...others] = await rowsOf('<two@test>');
  expect(others).toEqual([]);
  expect(row).toMatchObject({ deliveries: 3, text: expect.stringContaining('Hello') });
  const events = await database.db.selectFrom('events').select('data').where('type', '=', 'mail-received').execute();
  expect(events.filter(({ data }) => (data as { outbox_id: string }).outbox_id === row?.id)).toHaveLength(1);
});

test('an e-mail that cannot be kept is refused for now, so the sender knows that it was not delivered', async () => {
  const errors: unknown[] = [];
  const broken = await createTestDatabase();
  const refusing = await startOutbox({ db: broken.db, port: 0, onError: (error) => errors.push(error) });
  await broken.db.schema.dropTable('outbox_emails').execute();
  const transport = createTransport(refusing.url);
  await expect(transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' })).rejects.toMatchObject({ responseCode: 451 });
  expect(errors).toHaveLength(1);
  transport.close();
  await refusing.stop();
  await broken.close();
});
