import { STATUS_CODES } from 'node:http';
import { AppError } from '../../../contracts/errors.ts';
import type { WebhookPayload } from '../../../contracts/notices.ts';
import type { WebhookRow } from '../../../db/repositories/webhooks.repository.ts';
import { postGuarded } from '../../tools/index.ts';
import type { NoticeDeps } from '../notice-deps.ts';
import { toSignedRequest } from './sign.ts';

const timeoutMs = 10_000;

/** How one attempt went, in a sentence for admins. Nothing the other side wrote is in it but its status. */
export interface PostOutcome {
  ok: boolean;
  /** Null: no answer came. */
  status: number | null;
  detail: string;
  /** It will not be otherwise next time. */
  isFinal: boolean;
}

const wordsOf = (status: number): string => [String(status), STATUS_CODES[status]].filter(Boolean).join(' ');

function toOutcome(status: number): PostOutcome {
  if (status >= 200 && status < 300) return { ok: true, status, detail: wordsOf(status), isFinal: true };
  if (status >= 300 && status < 400) return { ok: false, status, detail: `${wordsOf(status)}: it redirects, which is not followed. Write the address it leads to.`, isFinal: false };
  // What Standard Webhooks give this status to say.
  if (status === 410) return { ok: false, status, detail: '410 Gone: it no longer wants to hear of this.', isFinal: true };
  return { ok: false, status, detail: wordsOf(status), isFinal: false };
}

/** Sends something to a webhook, signed; resolves in any case. */
export async function postWebhook({ secretBox, config, now = () => new Date() }: Pick<NoticeDeps, 'secretBox' | 'config' | 'now'>, webhook: WebhookRow, message: { id: string; payload: WebhookPayload }, stop?: AbortSignal): Promise<PostOutcome> {
  const failed = (detail: string): PostOutcome => ({ ok: false, status: null, detail, isFinal: false });
  const request = toSignedRequest(secretBox, webhook, { ...message, at: now() });
  if (request === undefined) return failed('The signing secret cannot be opened with the key of this system.');
  const timeout = AbortSignal.timeout(timeoutMs);
  const guard = { allow_private_hosts: [...config.tools.httpAllowHosts], only_hosts: [], deny_hosts: [] };
  try {
    return toOutcome((await postGuarded({ url: new URL(webhook.url), ...request }, guard, stop === undefined ? timeout : AbortSignal.any([timeout, stop]))).status);
  } catch (error) {
    if (timeout.aborted) return failed(`No answer came within ${timeoutMs / 1_000} s.`);
    if (error instanceof AppError) return failed(error.message);
    if (stop?.aborted === true) return failed('The worker was stopped before the answer came.');
    throw error;
  }
}
