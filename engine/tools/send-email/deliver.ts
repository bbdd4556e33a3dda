import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { AppError } from '../../../contracts/errors.ts';
import { oneLine, type Refusal, type SmtpError, toDeliveryError, toRefusals } from './delivery-error.ts';

export interface Letter {
  from: string;
  to: string[];
  /** The whole message, headers and all, with CRLF line ends. */
  message: Buffer;
}

/** What the server said when it took the letter. */
export interface Receipt {
  accepted: string[];
  refusals: Refusal[];
  response: string;
}

const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000, dnsTimeout: 10_000 };
const pieceBytes = 64 * 1024;

/** The letter as nodemailer reads it, in pieces, so that it is known whether the last one, and with it the end, was on its way. */
class LetterStream extends Readable {
  /** Pessimistic: from here on the final dot may be on its way. */
  wasSentWhole = false;
  /** Why `beforeSending` stopped it. */
  refusal: unknown;
  readonly #message: Buffer;
  readonly #beforeSending: () => Promise<void>;
  #sent = 0;
  constructor(message: Buffer, beforeSending: () => Promise<void>) {
    super({ highWaterMark: pieceBytes });
    this.#message = message;
    this.#beforeSending = beforeSending;
    this.on('error', () => {}); // told through the connection, once it listens
  }
  #pushPiece(): void {
    const end = Math.min(this.#sent + pieceBytes, this.#message.length);
    if (end === this.#message.length) this.wasSentWhole = true;
    this.push(this.#message.subarray(this.#sent, end));
    this.#sent = end;
    if (this.wasSentWhole) this.push(null);
  }
  override _read(): void {
    if (this.#sent > 0) return this.#pushPiece();
    // nodemailer reads only once the server answered DATA with "go ahead": the last moment at which nothing has happened.
    this.#beforeSending().then(
      () => this.#pushPiece(),
      (error: unknown) => {
        this.refusal = error;
        // Not the error itself: nodemailer writes a code of its own into it.
        this.destroy(new Error('stopped before the message was sent'));
      },
    );
  }
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
  const message = new LetterStream(letter.message, beforeSending);
  let onAbort = (): void => {};
  try {
    return await new Promise<Receipt>((resolve, reject) => {
      const fail = (error: Error): void => reject(message.refusal === undefined ? toDeliveryError(error as SmtpError, message.wasSentWhole) : message.refusal as Error);
      onAbort = () => fail(Object.assign(new Error('cancelled'), { code: 'EABORT' }));
      signal.addEventListener('abort', onAbort, { once: true });
      connection.on('error', fail);
      connection.once('end', () => fail(Object.assign(new Error('the server ended the connection'), { code: 'ECONNECTION' })));
      const send = (): void => {
        connection.send({ from: letter.from, to: letter.to, size: letter.message.length }, message, (error, info) => {
          if (error) fail(error);
          else resolve({ accepted: (info?.accepted ?? []).map(String), refusals: toRefusals(info?.rejectedErrors as SmtpError[] | undefined), response: oneLine(String(info?.response ?? '')) });
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
