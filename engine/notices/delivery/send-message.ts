import { AppError } from '../../../contracts/errors.ts';
import type { NoticeKind } from '../../../contracts/notices.ts';
import type { ToldRequest } from '../../../db/repositories/notice-contents.repository.ts';
import { clip } from '../../../platform/shorten.ts';
import { sendPlainEmail } from '../../tools/index.ts';
import { type NoticeDeps, publicUrlOf } from '../notice-deps.ts';
import { toToldSentence, type WordedRequest } from '../told-sentence.ts';
import { postWebhook } from '../webhooks/post-webhook.ts';
import { toWebhookPayload } from '../webhooks/to-payload.ts';
import type { ClaimedMessage } from './claim-messages.ts';
import { toMailText } from './mail-text.ts';

const mailTimeoutMs = 20_000;

export interface SendOutcome {
  ok: boolean;
  /** A sentence for admins. */
  detail: string;
  /** It will not be otherwise next time. */
  isFinal: boolean;
  /** Nobody got it, for certain. */
  isUntaken?: boolean;
}

/** A request in words without secrets: they leave for where nobody has to sign in. */
const toWorded = async ({ secrets }: NoticeDeps, request: ToldRequest): Promise<WordedRequest> =>
  ({ ...request, ...(await secrets.mask({ sentence: toToldSentence(request), agent_name: request.agent_name })) });

/** A reply of 500 and more is the server's last word. */
const isLastWord = ({ details }: AppError): boolean => details?.['is_final'] === true || Number(details?.['smtp_code'] ?? 0) >= 500;

async function mail(deps: NoticeDeps, { batchId, notices, requests, email }: ClaimedMessage, stop: AbortSignal): Promise<SendOutcome> {
  const { mail: { smtpUrl, from } } = deps.config;
  if (smtpUrl === undefined || email === undefined) throw new AppError('INTERNAL', `message ${batchId} was claimed with nowhere to go`);
  const items = await Promise.all(notices.map(async ({ kind, request_id: id }) => ({ kind: kind as NoticeKind, request: await toWorded(deps, requests.get(id ?? '') as ToldRequest) })));
  try {
    const letter = { ...toMailText(items, publicUrlOf(deps.config)), to: email, messageId: `<notice-${batchId}@maestro>` };
    const reply = await sendPlainEmail({ smtpUrl, from }, letter, AbortSignal.any([stop, AbortSignal.timeout(mailTimeoutMs)]));
    return { ok: true, detail: clip(reply, 300), isFinal: true };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, detail: error.message, isFinal: isLastWord(error), isUntaken: error.details?.['not_sent'] === true };
  }
}

async function post(deps: NoticeDeps, { batchId, notices, requests, webhook }: ClaimedMessage, stop: AbortSignal): Promise<SendOutcome> {
  const [notice] = notices;
  const request = requests.get(notice?.request_id ?? '');
  if (notice === undefined || webhook === undefined || request === undefined) throw new AppError('INTERNAL', `message ${batchId} was claimed with nothing to say`);
  const payload = toWebhookPayload({ kind: notice.kind as NoticeKind, at: notice.created_at, request: await toWorded(deps, request) }, publicUrlOf(deps.config));
  return postWebhook(deps, webhook, { id: batchId, payload }, stop);
}

/** One attempt at a message, under the same id each time. */
export const sendMessage = (deps: NoticeDeps, message: ClaimedMessage, stop: AbortSignal): Promise<SendOutcome> =>
  message.notices[0]?.channel === 'email' ? mail(deps, message, stop) : post(deps, message, stop);
