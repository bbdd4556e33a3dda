import type { NoticeKind } from '../../../contracts/notices.ts';
import { toLine } from '../../../platform/shorten.ts';
import type { WordedRequest } from '../told-sentence.ts';

/** One request a mail tells of, and what there is to tell. */
export interface MailItem {
  kind: NoticeKind;
  request: WordedRequest;
}

const openings: Record<Exclude<NoticeKind, 'settled'>, { subject: string; sentence: string }> = {
  requested: { subject: 'Approval needed', sentence: 'An agent may not go on before somebody decides.' },
  changed: { subject: 'Approval changed', sentence: 'A request that waits for a decision has changed.' },
  reminder: { subject: 'Still waiting for approval', sentence: 'Nobody has decided yet.' },
  escalated: { subject: 'Approval escalated', sentence: 'Nobody has decided yet, so you are asked as well.' },
};

/**
 * Words that came from outside: one line without characters that cannot be seen or that turn the line round. A mail program makes links of
 * what looks like one, also of a bare name of a host; the only one to press is ours.
 */
const toPlain = (text: string, max: number): string => toLine(text.replaceAll(/\p{Cf}/gu, ''), max).replaceAll('://', '[:]//').replaceAll(/(?<=[\p{L}\p{N}])\.(?=\p{L})/gu, '[.]');

const toMinute = (at: Date): string => `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const expiryOf = ({ expires_at: at }: WordedRequest): string => (at === null ? 'never' : `${toMinute(at)}; it is not executed then`);

const footer = (publicUrl: string): string[] => ['', 'Opening the page decides nothing.', `Which of these mails you get: ${publicUrl}/settings`];

/** The mail about one request. No arguments, only what the system says of the call. */
function toSingle({ kind, request }: MailItem, publicUrl: string): { subject: string; text: string } {
  const { subject, sentence } = openings[kind as keyof typeof openings];
  return {
    subject: `${subject}: ${toPlain(request.tool_name, 80)} (${request.risk_level})`,
    text: [
      sentence, '',
      `    ${toPlain(request.sentence, 500)}`, '',
      `Tool:    ${toPlain(request.tool_name, 80)}`,
      `Agent:   ${toPlain(request.agent_name, 120)}`,
      `Risk:    ${request.risk_level}`,
      `Expires: ${expiryOf(request)}`, '',
      'Look at it and decide:',
      `${publicUrl}/hitl/${request.id}`,
      ...footer(publicUrl),
    ].join('\n'),
  };
}

const maxListed = 30;

/** The mail about many: a list, and one link to all of them. */
function toDigest(requests: readonly WordedRequest[], publicUrl: string): { subject: string; text: string } {
  const lines = requests.slice(0, maxListed).flatMap((request) => [
    `- ${request.risk_level}  ${toPlain(request.tool_name, 80)} · ${toPlain(request.agent_name, 120)} · expires ${request.expires_at === null ? 'never' : toMinute(request.expires_at)}`,
    `  ${toPlain(request.sentence, 200)}`,
  ]);
  const more = requests.length > maxListed ? [`and ${requests.length - maxListed} more`] : [];
  return {
    subject: `${requests.length} approvals wait`,
    text: [`${requests.length} requests wait for a decision:`, '', ...lines, ...more, '', 'Look at them and decide:', `${publicUrl}/hitl`, ...footer(publicUrl)].join('\n'),
  };
}

/** Subject and text of a mail: plain text. */
export function toMailText(items: readonly MailItem[], publicUrl: string): { subject: string; text: string } {
  // What was asked and reminded of within one mail stands in it once, as it is now.
  const byRequest = [...new Map(items.map((item) => [item.request.id, item])).values()];
  return byRequest.length === 1 ? toSingle(byRequest[0] as MailItem, publicUrl) : toDigest(byRequest.map(({ request }) => request), publicUrl);
}
