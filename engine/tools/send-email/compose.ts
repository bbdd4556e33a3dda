import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import { AppError } from '../../../contracts/errors.ts';
import { toMailAddress } from './addresses.ts';
import type { SendEmailArguments } from './arguments.ts';
import type { Attachment } from './attachments.ts';

/** The same for every attempt of a call, so that a message can be looked up and a second copy be recognised. */
export const toMessageId = (idempotencyKey: string, from: string): string => {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'maestro.invalid';
  return `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}@${domain}>`;
};

/**
 * The same for every attempt as well, and made of all that stands between the boundaries: no text can hold a boundary that depends on
 * itself, and so none can end its part and begin another.
 */
const toBoundary = (args: SendEmailArguments, messageId: string, attachments: readonly Attachment[]): string =>
  createHash('sha256').update(JSON.stringify([messageId, args, attachments.map(({ name, sha256 }) => [name, sha256])])).digest('hex').slice(0, 40);

/** Text that looks encoded would be decoded by the reader into something nobody approved: it is encoded once more. */
const toSubject = (subject: string): string => (subject.includes('=?') ? encodeWord(subject, 'B', 52) : subject);

/** One kind of line end: a stray carriage return would become a line of its own here and vanish there. */
const toLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n');

const toAddresses = (addresses: readonly string[] | undefined) => (addresses ?? []).map((address) => ({ name: '', address: toMailAddress(address) ?? address }));

/**
 * The message as bytes, the same on every attempt but for its Date, and the envelope's sender. Bcc stands in no header.
 * Throws TOOL_NOT_CONFIGURED when the sender of the system is no address.
 */
export async function compose(args: SendEmailArguments, options: { from: string; messageId: string; attachments: readonly Attachment[] }): Promise<{ message: Buffer; sender: string }> {
  const { from, messageId, attachments } = options;
  const node = new MailComposer({
    from, messageId,
    to: toAddresses(args.to), cc: toAddresses(args.cc),
    ...(args.reply_to === undefined ? {} : { replyTo: toAddresses([args.reply_to]) }),
    subject: toSubject(args.subject), text: toLines(args.text),
    ...(args.html === undefined ? {} : { html: toLines(args.html) }),
    attachments: attachments.map(({ name, mediaType, bytes }) => ({ filename: name, contentType: mediaType, contentDisposition: 'attachment' as const, content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) })),
    baseBoundary: toBoundary(args, messageId, attachments),
    newline: 'windows', disableFileAccess: true, disableUrlAccess: true,
    // RFC 3834: no out-of-office answers to a machine.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }).compile();
  const sender = node.getEnvelope().from;
  if (typeof sender !== 'string' || sender === '') throw new AppError('TOOL_NOT_CONFIGURED', 'The sender of this system is no usable address; an admin has to look at the settings of send_email, or at SMTP_FROM.', { details: { not_sent: true } });
  return { message: await node.build(), sender };
}
