import { AppError } from '../../../contracts/errors.ts';
import { toMailAddress } from './addresses.ts';
import { compose } from './compose.ts';
import { deliver } from './deliver.ts';

interface PlainEmail {
  to: string;
  subject: string;
  text: string;
  messageId: string;
}

/**
 * Sends a message of Maestro's own, as plain text to one person; resolves with what the server said when it took it. Throws like
 * {@link deliver}, and TOOL_FAILED for an address that cannot be written to.
 */
export async function sendPlainEmail(server: { smtpUrl: string; from: string }, { to, messageId, ...letter }: PlainEmail, signal: AbortSignal): Promise<string> {
  const address = toMailAddress(to);
  if (address === undefined) throw new AppError('TOOL_FAILED', 'The e-mail address of this person cannot be written to.', { details: { not_sent: true, is_final: true } });
  const { message, sender } = await compose({ ...letter, to: [address] }, { from: server.from, messageId, attachments: [] });
  const { response } = await deliver(server.smtpUrl, { from: sender, to: [address], message }, { signal, beforeSending: () => Promise.resolve() });
  return response;
}
