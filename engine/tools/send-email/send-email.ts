import { AppError } from '../../../contracts/errors.ts';
import { counted } from '../../../platform/counted.ts';
import type { Tool, ToolCallContext, ToolOutcome } from '../tool.ts';
import { domainOf, hiddenRecipientsOf, isWithin, recipientsOf, toMailAddress } from './addresses.ts';
import { createArgumentsSchema, type SendEmailArguments } from './arguments.ts';
import { readAttachments } from './attachments.ts';
import { compose, toMessageId } from './compose.ts';
import { deliver } from './deliver.ts';
import { describeRefusals } from './delivery-error.ts';
import { hasRemoteContent, hasScript } from './html-facts.ts';
import type { SendEmailSettings } from './settings.ts';

export interface SendEmailOptions {
  settings: SendEmailSettings;
  smtpUrl: string | undefined;
  /** Sender where the settings name none, e.g. `Maestro <maestro@example.com>`. */
  from: string;
  /** Domains that count as inside, with their subdomains. */
  companyDomains: readonly string[];
  /** Whether a message with this id was delivered; undefined where nobody can tell. */
  findDelivered?: ((messageId: string) => Promise<boolean | undefined>) | undefined;
}

const nameFew = (recipients: readonly string[]): string => (recipients.length === 1 ? String(recipients[0]) : counted(recipients.length, 'recipient'));

/**
 * The tool that sends an e-mail. Output: `{message_id, accepted, refused: [{recipient, reply, is_temporary}], response, attachments}`; it
 * succeeds when the server took the message for at least one recipient. A lost connection after the message leaves the outcome unknown,
 * see {@link deliver}.
 */
export const createSendEmailTool = ({ smtpUrl, from: systemFrom, companyDomains, settings, findDelivered }: SendEmailOptions): Tool<SendEmailArguments> => {
  const inside = companyDomains.map((domain) => domain.toLowerCase().replace(/^@/, ''));
  const isOutside = (address: string): boolean => inside.length > 0 && !isWithin(address, inside);
  const defaultFrom = settings.from ?? systemFrom;
  const senderOf = ({ from }: SendEmailArguments): string => (from === undefined ? defaultFrom : toMailAddress(from) ?? from);
  // By the sender of the system, which no admin changes between two attempts.
  const messageIdOf = ({ idempotencyKey }: Pick<ToolCallContext, 'idempotencyKey'>): string => toMessageId(idempotencyKey, systemFrom);
  return {
    name: 'send_email',
    description: 'Sends an e-mail as plain text, with HTML and files of this run if wanted. Every message is shown to a person first, unless the policy says otherwise.',
    argumentsSchema: createArgumentsSchema(settings),
    defaultRisk: 'HIGH',
    risk: () => 'HIGH',
    defaultEffect: 'external',
    effect: () => 'external',
    missingConfiguration: smtpUrl === undefined ? 'Set SMTP_URL to the mail server that sends for Maestro, e.g. smtps://user:password@mail.example.com.' : null,
    confirmsClaim: true,
    timeoutMs: 90_000,
    bodies: ['text', 'html'],
    facts(args) {
      const recipients = recipientsOf(args);
      return {
        recipient_count: recipients.length,
        hidden_recipient_count: hiddenRecipientsOf(args).length,
        recipient_domains: [...new Set(recipients.map(domainOf))].toSorted(),
        // Unknown where nobody said which domains are the company's own.
        outside_recipient_count: inside.length === 0 ? null : recipients.filter(isOutside).length,
        outside_domains: inside.length === 0 ? null : [...new Set(recipients.filter(isOutside).map(domainOf))].toSorted(),
        from_domain: domainOf(senderOf(args).replace(/>\s*$/, '')),
        reply_to_domain: args.reply_to === undefined ? null : domainOf(toMailAddress(args.reply_to) ?? args.reply_to),
        text_length: args.text.length,
        has_html: args.html !== undefined,
        html_has_remote_content: args.html !== undefined && hasRemoteContent(args.html),
        html_has_script: args.html !== undefined && hasScript(args.html),
        attachment_count: args.attachments?.length ?? 0,
      };
    },
    effectSentence(args) {
      const recipients = recipientsOf(args);
      const [hidden, outside, attachments] = [hiddenRecipientsOf(args).length, recipients.filter(isOutside).length, args.attachments?.length ?? 0];
      return [
        `Send an e-mail to ${nameFew(recipients)}`,
        hidden > 0 ? `, ${recipients.length === 1 ? '' : `${hidden} `}hidden (Bcc)` : '',
        outside > 0 ? `, ${recipients.length === 1 ? '' : `${outside} `}outside the company` : '',
        attachments > 0 ? `, with ${counted(attachments, 'attachment')}` : '',
        args.reply_to === undefined ? '' : `, answers go to ${toMailAddress(args.reply_to) ?? args.reply_to}`,
      ].join('');
    },
    async execute(args, context): Promise<ToolOutcome> {
      if (smtpUrl === undefined) throw new AppError('TOOL_NOT_CONFIGURED', 'No mail server is configured on this system.', { details: { not_sent: true } });
      const messageId = messageIdOf(context);
      const attachments = await readAttachments(args.attachments, context);
      const { message, sender } = await compose(args, { from: senderOf(args), messageId, attachments });
      const { accepted, refusals, response } = await deliver(smtpUrl, { from: sender, to: recipientsOf(args), message }, { signal: context.signal, beforeSending: () => context.confirmClaim() });
      return {
        output: {
          message_id: messageId, accepted, refused: refusals.map((refusal) => ({ ...refusal })), response,
          attachments: attachments.map(({ name, bytes, sha256 }) => ({ name, bytes: bytes.byteLength, sha256 })),
        },
        summary: [
          `sent to ${nameFew(accepted)}`,
          attachments.length === 0 ? '' : ` with ${counted(attachments.length, 'attachment')}`,
          refusals.length === 0 ? '' : `; the mail server refused ${describeRefusals(refusals)}`,
        ].join(''),
      };
    },
    async verify(args, context) {
      const messageId = messageIdOf(context);
      const isDelivered = await findDelivered?.(messageId);
      if (isDelivered === undefined) return { state: 'unknown' };
      if (!isDelivered) return { state: 'not_happened' };
      const accepted = recipientsOf(args);
      return { state: 'happened', outcome: { output: { message_id: messageId, accepted, refused: [], response: 'found delivered' }, summary: `sent to ${nameFew(accepted)}` } };
    },
  };
};
