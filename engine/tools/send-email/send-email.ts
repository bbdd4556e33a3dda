import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Tool, ToolOutcome } from '../tool.ts';
import { deliver } from './deliver.ts';
import type { SendEmailSettings } from './settings.ts';

const maxRecipients = 50;

/**
 * One bare address. Nothing that could end the address and begin another header or recipient passes: no control characters, spaces,
 * commas, angle brackets or quotes.
 */
const addressSchema = z.email('must be a bare e-mail address such as name@example.com').max(254);
// A header is one line: a line break would begin another header.
const subjectSchema = z.string().min(1).max(250).regex(/^[^\p{Cc}\u2028\u2029]*$/u, 'must be one line without control characters');

export const sendEmailArgumentsSchema = z.strictObject({
  to: z.array(addressSchema).min(1).max(maxRecipients),
  cc: z.array(addressSchema).max(maxRecipients).optional(),
  subject: subjectSchema,
  text: z.string().min(1).max(100_000).describe('The message as plain text.'),
});
export type SendEmailArguments = z.infer<typeof sendEmailArgumentsSchema>;

export interface SendEmailOptions {
  settings: SendEmailSettings;
  smtpUrl: string | undefined;
  /** Sender, e.g. `Maestro <maestro@example.com>`. */
  from: string;
  /** Domains that count as inside, with their subdomains. */
  companyDomains: readonly string[];
  /** Whether a message with this id was delivered; undefined where nobody can tell. */
  findDelivered?: ((messageId: string) => Promise<boolean | undefined>) | undefined;
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
const recipientsOf = ({ to, cc }: SendEmailArguments): string[] => [...new Map([...to, ...(cc ?? [])].map((address) => [address.toLowerCase(), address])).values()];

/** The same for every attempt of a call, so that a message can be looked up and a second copy be recognised. */
const toMessageId = (idempotencyKey: string, from: string): string => {
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'maestro.invalid';
  return `<${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 40)}@${domain}>`;
};

async function compose({ to, cc, subject, text }: SendEmailArguments, from: string, messageId: string): Promise<{ message: Buffer; sender: string }> {
  const node = new MailComposer({
    from, to, cc: cc ?? [], subject, text, messageId, newline: 'windows', disableFileAccess: true, disableUrlAccess: true,
    // RFC 3834: no out-of-office answers to a machine.
    headers: { 'Auto-Submitted': 'auto-generated' },
  }).compile();
  const sender = node.getEnvelope().from;
  if (typeof sender !== 'string' || sender === '') throw new AppError('TOOL_NOT_CONFIGURED', 'SMTP_FROM is no usable sender address.');
  return { message: await node.build(), sender };
}

/**
 * The tool that sends an e-mail. Output: `{message_id, accepted, rejected, response}`; it succeeds when the server took the message
 * for at least one recipient. A lost connection after the message leaves the outcome unknown, see {@link deliver}.
 */
export const createSendEmailTool = ({ smtpUrl, from, companyDomains, findDelivered }: SendEmailOptions): Tool<SendEmailArguments> => {
  const inside = companyDomains.map((domain) => domain.toLowerCase().replace(/^@/, ''));
  const isOutside = (address: string): boolean => !inside.some((domain) => domainOf(address) === domain || domainOf(address).endsWith(`.${domain}`));
  return {
    name: 'send_email',
    description: 'Sends a plain-text e-mail. Every message is shown to a person first, unless the policy says otherwise.',
    argumentsSchema: sendEmailArgumentsSchema,
    defaultRisk: 'HIGH',
    risk: () => 'HIGH',
    defaultEffect: 'external',
    effect: () => 'external',
    missingConfiguration: smtpUrl === undefined ? 'Set SMTP_URL to the mail server that sends for Maestro, e.g. smtps://user:password@mail.example.com.' : null,
    confirmsClaim: true,
    timeoutMs: 90_000,
    facts(args) {
      const recipients = recipientsOf(args);
      return {
        recipient_count: recipients.length,
        recipient_domains: [...new Set(recipients.map(domainOf))].toSorted(),
        // Unknown where nobody said which domains are the company's own.
        outside_recipient_count: inside.length === 0 ? null : recipients.filter(isOutside).length,
        text_length: args.text.length,
      };
    },
    effectSentence(args) {
      const recipients = recipientsOf(args);
      const outside = inside.length === 0 ? 0 : recipients.filter(isOutside).length;
      if (recipients.length === 1) return `Send an e-mail to ${recipients[0]}${outside === 1 ? ', outside the company' : ''}`;
      return `Send an e-mail to ${recipients.length} recipients${outside === 0 ? '' : `, ${outside} outside the company`}`;
    },
    async execute(args, context): Promise<ToolOutcome> {
      if (smtpUrl === undefined) throw new AppError('TOOL_NOT_CONFIGURED', 'No mail server is configured on this system.', { details: { not_sent: true } });
      const messageId = toMessageId(context.idempotencyKey, from);
      const { message, sender } = await compose(args, from, messageId);
      const to = recipientsOf(args);
      const { accepted, rejected, response } = await deliver(smtpUrl, { from: sender, to, message }, { signal: context.signal, beforeSending: () => context.confirmClaim() });
      const refused = rejected.length === 0 ? '' : `, the mail server refused ${rejected.join(', ')}`;
      return { output: { message_id: messageId, accepted, rejected, response }, summary: `sent to ${accepted.length === 1 ? accepted[0] : `${accepted.length} recipients`}${refused}` };
    },
    async verify(args, context) {
      const messageId = toMessageId(context.idempotencyKey, from);
      const isDelivered = await findDelivered?.(messageId);
      if (isDelivered === undefined) return { state: 'unknown' };
      if (!isDelivered) return { state: 'not_happened' };
      const accepted = recipientsOf(args);
      return {
        state: 'happened',
        outcome: { output: { message_id: messageId, accepted, rejected: [], response: 'found delivered' }, summary: `sent to ${accepted.length === 1 ? accepted[0] : `${accepted.length} recipients`}` },
      };
    },
  };
};
