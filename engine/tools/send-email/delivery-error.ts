import { AppError } from '../../../contracts/errors.ts';
import { toLine } from '../../../platform/shorten.ts';
import { isCertificateCode, isTlsCode } from '../../../platform/system-code.ts';

/** A failure as nodemailer tells it: `response` is the server's reply, `originalCode` what the system said. */
export interface SmtpError extends Error {
  code?: string;
  originalCode?: string;
  responseCode?: number;
  response?: string;
  command?: string;
  recipient?: string;
  rejectedErrors?: SmtpError[];
}

/** A recipient the server did not take the message for. */
export interface Refusal {
  recipient: string;
  reply: string;
  /** It may be taken later. */
  is_temporary: boolean;
}

/** The server's reply as one line of a bounded length. */
export const oneLine = (text: string): string => toLine(text, 300);

const isTemporaryCode = (code: number | undefined): boolean => code !== undefined && code >= 400 && code < 500;

export const toRefusals = (errors: readonly SmtpError[] | undefined): Refusal[] =>
  (errors ?? []).map(({ recipient, response, responseCode }) => ({ recipient: recipient ?? '', reply: oneLine(response ?? ''), is_temporary: isTemporaryCode(responseCode) }));

const maxTold = 5;
/** The refused recipients in words, the first few with the server's reply. */
export const describeRefusals = (refusals: readonly Refusal[]): string =>
  `${refusals.slice(0, maxTold).map(({ recipient, reply }) => `${recipient} (${reply})`).join(', ')}${refusals.length > maxTold ? ` and ${refusals.length - maxTold} more` : ''}`;

const noSecureConnection = 'No secure connection to the mail server came about; an admin has to check SMTP_URL: smtps:// is TLS from the first byte, smtp:// begins without.';

/** Greylisting servers want a minute or more between two attempts. */
const greylistDelayMs = 60_000;

/** A server's reply to anything before the message, or in place of taking it. */
function toReplyError(error: SmtpError, details: Record<string, unknown>): AppError {
  const { responseCode: code, command, response = '' } = error;
  const reply = oneLine(response);
  const as = (kind: 'TOOL_FAILED' | 'TOOL_NOT_CONFIGURED' | 'TOOL_UNAVAILABLE', message: string, more: Record<string, unknown> = {}) => new AppError(kind, message, { cause: error, details: { ...details, ...more } });
  const isTemporary = code === undefined || isTemporaryCode(code);
  const wait = code === 450 || code === 451 ? { retry_after_ms: greylistDelayMs } : {};
  if (error.code === 'EAUTH') {
    if (isTemporary) return as('TOOL_UNAVAILABLE', 'The mail server cannot check Maestro\'s sign-in at the moment.');
    return as('TOOL_NOT_CONFIGURED', 'The mail server did not accept Maestro\'s sign-in; an admin has to check SMTP_URL.');
  }
  if (command === 'STARTTLS' && !isTemporary) return as('TOOL_NOT_CONFIGURED', noSecureConnection);
  if (code === 530) return as('TOOL_NOT_CONFIGURED', 'The mail server wants a sign-in or a secure connection; an admin has to add them to SMTP_URL.');
  if (error.rejectedErrors !== undefined && error.rejectedErrors.length > 0) {
    const who = describeRefusals(toRefusals(error.rejectedErrors));
    return isTemporary ? as('TOOL_UNAVAILABLE', `The mail server takes nothing for the recipients at the moment: ${who}`, wait) : as('TOOL_FAILED', `The mail server refused every recipient, nothing was sent: ${who}`);
  }
  if (code === 552 && command !== 'RCPT TO') return as('TOOL_FAILED', `The message is too large for the mail server; send fewer or smaller attachments. It said: ${reply}`);
  if (isTemporary) return as('TOOL_UNAVAILABLE', `The mail server did not take the message for now: ${reply}`, wait);
  if (command === 'MAIL FROM') return as('TOOL_FAILED', `The mail server did not accept the sender: ${reply}`);
  return as('TOOL_FAILED', `The mail server did not take the message: ${reply}`);
}

/** What happened below SMTP, or before it. */
function toConnectionError(error: SmtpError, details: Record<string, unknown>): AppError {
  const codes = [error.originalCode ?? '', error.code ?? ''];
  const as = (kind: 'TOOL_FAILED' | 'TOOL_NOT_CONFIGURED' | 'TOOL_UNAVAILABLE', message: string) => new AppError(kind, message, { cause: error, details });
  if (codes.includes('EABORT')) return as('TOOL_FAILED', 'The call was cancelled before the message was sent.');
  if (codes.some(isCertificateCode)) return as('TOOL_NOT_CONFIGURED', `The certificate of the mail server is not trusted (${codes[0]}); an admin has to renew it, or name its authority in NODE_EXTRA_CA_CERTS.`);
  if (codes.some(isTlsCode) || codes.includes('ETLS')) return as('TOOL_NOT_CONFIGURED', noSecureConnection);
  if (codes.includes('EAUTH')) return as('TOOL_NOT_CONFIGURED', 'Maestro cannot sign in to the mail server with what SMTP_URL says; an admin has to check it.');
  if (codes.includes('EMESSAGE')) return as('TOOL_FAILED', `The message is too large for the mail server; send fewer or smaller attachments. (${oneLine(error.message)})`);
  if (codes.includes('EENVELOPE')) return as('TOOL_FAILED', `The message was not sent: ${oneLine(error.message)}`);
  if (codes.includes('EDNS')) return as('TOOL_UNAVAILABLE', 'The name of the mail server cannot be found at the moment.');
  return as('TOOL_UNAVAILABLE', 'The mail server cannot be reached at the moment.');
}

/**
 * What a failed delivery means. A reply to the end of the message is the server's word that it did not take it; a connection that
 * ends without that reply, after the end was sent, leaves nobody knowing. Else `details.not_sent` says that nothing was sent; temporary
 * troubles are TOOL_UNAVAILABLE, some with `details.retry_after_ms`, what an admin has to mend is TOOL_NOT_CONFIGURED.
 */
export function toDeliveryError(error: SmtpError, wasSentWhole: boolean): AppError {
  const isRefusedAfterwards = error.code === 'EMESSAGE' && error.responseCode !== undefined;
  if (wasSentWhole && !isRefusedAfterwards) {
    return new AppError('TOOL_FAILED', 'The connection to the mail server was lost after the message was sent and before the server confirmed it.', { cause: error, details: { outcome_unknown: true } });
  }
  const details = { not_sent: true, ...(error.responseCode === undefined ? {} : { smtp_code: error.responseCode }) };
  return error.response === undefined ? toConnectionError(error, details) : toReplyError(error, details);
}
