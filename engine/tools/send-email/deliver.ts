import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { AppError } from '../../../contracts/errors.ts';

export interface Letter {
  from: string;
  to: string[];
  /** The whole message, headers and all, with CRLF line ends. */
  message: Buffer;
}

/** What the server said when it took the letter. */
export interface Receipt {
  accepted: string[];
  rejected: string[];
  response: string;
}

interface SmtpError extends Error {
  code?: string;
  responseCode?: number;
  response?: string;
  command?: string;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };

/** Temporary answers of a server (4yz) and everything that happened below SMTP may be different the next time. */
const mayMend = ({ code, responseCode }: SmtpError): boolean =>
  responseCode === undefined ? code !== 'EAUTH' && code !== 'ETLS' && code !== 'EENVELOPE' && code !== 'EMESSAGE' : responseCode < 500;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300);

/**
 * What a failed delivery means. A reply to the end of the message is the server's word that it did not take it; a connection that
 * ends without that reply, after the end was sent, leaves nobody knowing.
 */
function toToolError(error: SmtpError, wasSentWhole: boolean): AppError {
  const isRefusedAfterwards = error.code === 'EMESSAGE' && error.responseCode !== undefined;
  if (wasSentWhole && !isRefusedAfterwards) {
    return new AppError('TOOL_FAILED', 'The connection to the mail server was lost after the message was sent and before the server confirmed it.', { cause: error, details: { outcome_unknown: true } });
  }
  const details = { not_sent: true, ...(error.responseCode === undefined ? {} : { smtp_code: error.responseCode }) };
  if (error.code === 'EAUTH' && !mayMend(error)) {
    return new AppError('TOOL_NOT_CONFIGURED', 'The mail server did not accept Maestro\'s sign-in; an admin has to check SMTP_URL.', { cause: error, details });
  }
  if (error.response !== undefined) {
    return new AppError(mayMend(error) ? 'TOOL_UNAVAILABLE' : 'TOOL_FAILED', `The mail server did not take the message: ${oneLine(error.response)}`, { cause: error, details });
  }
  if (mayMend(error)) return new AppError('TOOL_UNAVAILABLE', 'The mail server cannot be reached at the moment.', { cause: error, details });
  return new AppError('TOOL_FAILED', `The message was not sent: ${oneLine(error.message)}`, { cause: error, details });
}

/**
 * Hands one letter to the mail server and resolves when the server took it. Every failure says what became of the letter:
 * `details.not_sent` when it certainly was not taken, `details.outcome_unknown` when nobody knows. Throws TOOL_UNAVAILABLE,
 * TOOL_FAILED, TOOL_NOT_CONFIGURED.
 * @param beforeSending awaited when the server is ready for the message; nothing is sent when it rejects.
 */
export async function deliver(smtpUrl: string, letter: Letter, options: { signal: AbortSignal; beforeSending: () => Promise<void> }): Promise<Receipt> {
  const { signal, beforeSending } = options;
  if (signal.aborted) throw new AppError('TOOL_FAILED', 'The call was cancelled before the message was sent.', { details: { not_sent: true } });
  const { auth, ...settings } = parseConnectionUrl(smtpUrl) as SMTPConnectionOptions;
  const connection = new SMTPConnection({ ...settings, ...timeouts });
  let wasSentWhole = false;
  // nodemailer reads the stream only once the server answered DATA with "go ahead": the last moment at which nothing has happened.
  const message = new Readable({
    read() {
      beforeSending().then(
        () => {
          this.push(letter.message);
          wasSentWhole = true; // pessimistic: from here on the final dot may be on its way
          this.push(null);
        },
        (error: Error) => { this.destroy(error); },
      );
    },
  });
  message.on('error', () => {}); // told through the connection, once it listens
  let onAbort = (): void => {};
  try {
    return await new Promise<Receipt>((resolve, reject) => {
      const fail = (error: Error): void => reject(error instanceof AppError ? error : toToolError(error as SmtpError, wasSentWhole));
      onAbort = () => fail(Object.assign(new Error('cancelled'), { code: 'EABORT' }));
      signal.addEventListener('abort', onAbort, { once: true });
      connection.on('error', fail);
      connection.once('end', () => fail(Object.assign(new Error('the server ended the connection'), { code: 'ECONNECTION' })));
      const send = (): void => {
        connection.send({ from: letter.from, to: letter.to, size: letter.message.length }, message, (error, info) => {
          if (error) fail(error);
          else resolve({ accepted: (info?.accepted ?? []).map(String), rejected: (info?.rejected ?? []).map(String), response: oneLine(String(info?.response ?? '')) });
        });
      };
      connection.connect((error) => {
        if (error) return fail(error);
        if (auth === undefined) return send();
        connection.login({ credentials: auth }, (refusal) => (refusal ? fail(refusal) : send()));
      });
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    message.destroy();
    connection.close();
  }
}

interface SMTPConnectionOptions {
  auth?: { user: string; pass: string };
  [name: string]: unknown;
}
