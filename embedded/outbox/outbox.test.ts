import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { emailContext, emailTool, letter } from '../../tests/support/send-email.ts';
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
    { sender: '"Maestro" <maestro@localhost>', recipients: ['lead@example.com'], cc: ['second@example.com'], bcc: ['hidden@example.com'], subject: 'Zusammenfassung für heute ✓', text: expect.stringContaining('Grüße\n47 Tickets'), deliveries: 1 },
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

test('HTML and attachments are kept as they came, under names a disk can have', async () => {
  const html = '<p onclick="x()">Grüße</p><script>alert(1)</script><img src="cid:chart">';
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);
  await send({
    messageId: '<parts@test>', html, attachments: [
      { filename: '../../Übersicht 📊.csv', content: 'a;b\n1;2\n', contentType: 'text/csv' }, { filename: 'chart.png', content: png, cid: 'chart' }, { filename: '', content: '', contentType: 'application/octet-stream' },
    ],
  });
  const [row] = await rowsOf('<parts@test>');
  expect(row).toMatchObject({ html, text: expect.stringContaining('Hello') });
  const attachments = await database.db.selectFrom('outbox_attachments').select(['index', 'name', 'media_type', 'bytes', 'content']).where('email_id', '=', row?.id ?? '').orderBy('index').execute();
  expect(attachments.map(({ name, content }) => [name, Buffer.from(content).toString('latin1')])).toEqual(expect.arrayContaining([['Übersicht 📊.csv', 'a;b\n1;2\n'], ['chart.png', png.toString('latin1')]]));
  expect(attachments.map(({ index }) => index)).toEqual([0, 1, 2]);
  expect(attachments.every(({ bytes, content }) => bytes === content.length)).toBe(true);
});

test('an e-mail without HTML has none, one without text has no text made up', async () => {
  await send({ messageId: '<text@test>' });
  await send({ messageId: '<html@test>', text: undefined, html: '<b>Hello</b>' });
  expect([...(await rowsOf('<text@test>')), ...(await rowsOf('<html@test>'))]).toMatchObject([{ html: null }, { html: expect.stringContaining('<b>Hello</b>'), text: '' }]);
});

test('somebody at an international domain is one recipient, however it is written', async () => {
  await send({ messageId: '<idn@test>', to: 'info@xn--bcher-kva.example' });
  expect(await rowsOf('<idn@test>')).toMatchObject([{ recipients: [expect.stringMatching(/^info@/)] }]);
});

test('what send_email sends is kept whole: Bcc, HTML and 20 MB of files', async () => {
  const files = [1, 2].map((byte) => ({ id: newId(), name: `part ${byte}.bin`, mediaType: 'application/octet-stream', bytes: Buffer.alloc(10_000_000, byte) }));
  const { output } = await emailTool({ smtpUrl: outbox.url }).execute({ ...letter, bcc: ['audit@example.com'], html: '<p>47</p>', attachments: files.map(({ id }) => ({ file: id })) }, emailContext({}, files));
  const { message_id: messageId } = output as { message_id: string };
  const [row] = await rowsOf(messageId);
  expect(row).toMatchObject({ recipients: ['support-lead@example.com'], bcc: ['audit@example.com'], subject: letter.subject, html: '<p>47</p>' });
  const kept = await database.db.selectFrom('outbox_attachments').select(['name', 'content']).where('email_id', '=', row?.id ?? '').orderBy('index').execute();
  expect(kept.map(({ name, content }, index) => [name, content.equals(files[index]?.bytes ?? Buffer.alloc(0))])).toEqual([['part 1.bin', true], ['part 2.bin', true]]);
});

test('a message that is too large is refused for good', async () => {
  await expect(send({ messageId: '<huge@test>', attachments: [{ filename: 'a', content: Buffer.alloc(24_000_000) }] })).rejects.toMatchObject({ responseCode: 552 });
  expect(await rowsOf('<huge@test>')).toEqual([]);
});

test('an e-mail that cannot be kept is refused for now, so the sender knows that it was not delivered', async () => {
  const errors: unknown[] = [];
  const broken = await createTestDatabase();
  const refusing = await startOutbox({ db: broken.db, port: 0, onError: (error) => errors.push(error) });
  await broken.db.schema.dropTable('outbox_emails').cascade().execute();
  const transport = createTransport(refusing.url);
  await expect(transport.sendMail({ from: 'a@example.com', to: 'b@example.com', subject: 's', text: 't' })).rejects.toMatchObject({ responseCode: 451 });
  expect(errors).toHaveLength(1);
  transport.close();
  await refusing.stop();
  await broken.close();
});
