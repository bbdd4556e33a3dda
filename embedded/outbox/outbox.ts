// The built-in outbox: an SMTP server on loopback that delivers every e-mail into the database, where the app shows it. It relays nothing.
import type { AddressInfo } from 'node:net';
import { domainToASCII } from 'node:url';
import type { Kysely } from 'kysely';
import { type AddressObject, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Database } from '../../db/database.ts';
import { insertOutboxEmail } from '../../db/repositories/outbox.repository.ts';
import { toFileName } from '../../platform/file-name.ts';
import { newId } from '../../platform/ids.ts';

const maxMessageBytes = 30 * 1024 * 1024;
const maxAttachments = 1_000;

export interface Outbox {
  /** For SMTP_URL. */
  url: string;
  stop(): Promise<void>;
}

const addressesOf = (given: AddressObject | AddressObject[] | undefined): string[] =>
  (given === undefined ? [] : Array.isArray(given) ? given : [given]).flatMap(({ value }) => value.map(({ address }) => address ?? '')).filter((address) => address !== '');

/** The same mailbox, however the letters of its domain are written. */
const toComparable = (address: string): string => {
  const at = address.lastIndexOf('@') + 1;
  return `${address.slice(0, at)}${domainToASCII(address.slice(at)) || address.slice(at)}`.toLowerCase();
};

const refuse = (message: string, responseCode: number): never => {
  throw Object.assign(new Error(message), { responseCode });
};

async function keep(db: Kysely<Database>, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  // Nothing is made of the parts: text and HTML are kept as they came, pictures stay attachments.
  const mail = await simpleParser(stream, { skipTextToHtml: true, skipHtmlToText: true, keepCidLinks: true });
  if (stream.sizeExceeded) refuse('the message is too large', 552);
  if (mail.attachments.length > maxAttachments) refuse('the message has too many parts', 554);
  const [to, cc] = [addressesOf(mail.to), addressesOf(mail.cc)];
  const named = new Set([...to, ...cc].map(toComparable));
  // Who got it without being named in it: the envelope knows.
  const hidden = session.envelope.rcptTo.map(({ address }) => address).filter((address) => !named.has(toComparable(address)));
  await insertOutboxEmail(db, {
    messageId: mail.messageId ?? `<${newId()}@outbox.maestro>`,
    sender: mail.from?.text ?? (session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address),
    recipients: to,
    cc,
    bcc: hidden,
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: typeof mail.html === 'string' ? mail.html : null,
    attachments: mail.attachments.map(({ filename, contentType, content }, index) => ({ name: toFileName(filename ?? '', `attachment ${index + 1}`), mediaType: contentType.slice(0, 200), content })),
  });
}

/** Starts the outbox. A message is answered with 250 only once its row is committed, so "sent" means kept. */
export async function startOutbox(options: { db: Kysely<Database>; port: number; onError?: (error: unknown) => void }): Promise<Outbox> {
  const { db, onError } = options;
  const answer = async (stream: SMTPServerDataStream, session: SMTPServerSession, callback: (error?: Error | null) => void): Promise<void> => {
    try {
      await keep(db, stream, session);
    } catch (error) {
      onError?.(error);
      // 451: a temporary failure, so that the sender knows that nothing was kept and may try again.
      callback(Object.assign(new Error('The message could not be kept.'), { responseCode: (error as { responseCode?: number }).responseCode ?? 451 }));
      return;
    }
    callback();
  };
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: maxMessageBytes,
    banner: 'Maestro built-in outbox',
    closeTimeout: 2_000,
    onData: (stream, session, callback) => void answer(stream, session, callback),
  });
  server.on('error', (error) => onError?.(error));
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => resolve());
  });
  const { port } = server.server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
