import { z } from 'zod';
import { fileNameSchema } from '../../../contracts/run-files.ts';
import { addressSchema, isWithin, recipientsOf, toMailAddress } from './addresses.ts';
import type { SendEmailSettings } from './settings.ts';

/** Attachments of one message. */
export const maxAttachments = 10;

// A header is one line: a line break would begin another header.
const subjectSchema = z.string().trim().min(1).max(250).regex(/^[^\u0000-\u001F\u007F-\u009F\u2028\u2029]*$/, 'must be one line without control characters').refine((text) => text.isWellFormed(), 'has characters that are no text');

const bodySchema = (maxLength: number) =>
  z.string().min(1).max(maxLength, `must have at most ${maxLength} characters; attach a file for more`).refine((text) => text.isWellFormed() && !text.includes('\0'), 'has characters that are no text');

const attachmentSchema = z.strictObject({
  // By id alone: a name may stand for another file by the time the message is approved and sent.
  file: z.uuid('must be the id of a file').describe('Id of a file an earlier tool call of this run made, as its output names it.'),
  name: fileNameSchema.optional().describe('Name the recipients see; default: that of the file.'),
});

const only = (domains: readonly string[]): string => domains.join(', ');

/**
 * The arguments an agent may give under these settings: what is not allowed is told before anybody is asked to approve it. In the JSON
 * Schema the limits stand as numbers and words.
 */
export function createArgumentsSchema({ max_recipients: maxRecipients, recipient_domains: recipientDomains, sender_domains: senderDomains }: SendEmailSettings) {
  const tooMany = `must be at most ${maxRecipients} recipients in all; to reach more people, write to the address of a mailing list`;
  const recipientSchema = addressSchema.refine((address) => recipientDomains.length === 0 || isWithin(toMailAddress(address) ?? '', recipientDomains), `e-mail may go to these domains only: ${only(recipientDomains)}`);
  const listSchema = z.array(recipientSchema).max(maxRecipients, tooMany);
  const fromSchema = addressSchema.refine(
    (address) => isWithin(toMailAddress(address) ?? '', senderDomains),
    senderDomains.length === 0 ? 'no sender may be chosen on this system; leave it out' : `the sender may only be an address of ${only(senderDomains)}`,
  );
  return z
    .strictObject({
      to: listSchema.min(1).describe(recipientDomains.length === 0 ? 'Bare addresses.' : `Bare addresses of ${only(recipientDomains)} only.`),
      cc: listSchema.optional(),
      bcc: listSchema.optional().describe('Recipients the others do not see. People who approve the message do.'),
      reply_to: addressSchema.optional().describe('Where answers go, when not to the sender.'),
      from: fromSchema.optional().describe(senderDomains.length === 0 ? 'Leave it out: messages have the sender of this system.' : `Sender, an address of ${only(senderDomains)}; default: the sender of this system.`),
      subject: subjectSchema,
      text: bodySchema(100_000).describe('The message as plain text; needed beside HTML too, for those who see no HTML.'),
      html: bodySchema(200_000).optional().describe('The same message as HTML. It is sent as it is.'),
      attachments: z.array(attachmentSchema).max(maxAttachments, `must be at most ${maxAttachments} attachments`).optional(),
    })
    .refine((mail) => recipientsOf(mail).length <= maxRecipients, { path: ['to'], message: tooMany });
}
export type SendEmailArguments = z.infer<ReturnType<typeof createArgumentsSchema>>;
