import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { MaestroEvent } from '@contracts/events.ts';
import type { NoticePreferences } from '@contracts/notices.ts';

/** What a notice says of a request: no arguments. */
export interface Notice {
  approvalId: string;
  runId: string | null;
  title: string;
  agentName: string;
  expiresAt: string | null;
}

type Requested = Extract<MaestroEvent, { type: 'approval-requested' }>;

const titles = { requested: 'Approval needed', reminded: 'Still waiting for approval', escalated: 'Approval escalated' } as const;

/** Something of a batch of events that may be worth a notice; `requested` where the event says all that a notice does. */
export interface News {
  approvalId: string;
  what: keyof typeof titles;
  requested?: Requested;
}

/** What a batch brought of requests that are still open at its end, each once: the last that happened. */
export function newsOf(events: readonly MaestroEvent[]): News[] {
  const news = new Map<string, News>();
  for (const event of events) {
    if (event.type === 'approval-settled') news.delete(event.data.approval_id);
    if (event.type === 'approval-requested') news.set(event.data.approval_id, { approvalId: event.data.approval_id, what: 'requested', requested: event });
    const change = event.type === 'approval-changed' ? event.data.change : undefined;
    if (event.type === 'approval-changed' && (change === 'reminded' || change === 'escalated')) news.set(event.data.approval_id, { approvalId: event.data.approval_id, what: change });
  }
  return [...news.values()];
}

/** The notice of an event that says enough by itself: every new request is of interest. Undefined: it has to be looked up. */
export const toNotice = ({ approvalId, what, requested }: News, scope: NoticePreferences['in_app']): Notice | undefined =>
  scope === 'all' && requested !== undefined
    ? { approvalId, runId: requested.run_id, title: `${titles[what]}: ${requested.data.tool_name}`, agentName: requested.data.agent_name, expiresAt: requested.data.expires_at }
    : undefined;

/** Notices of what had to be looked up, from the requests that wait; those that do not concern the reader are left out where so wished. */
export const toLookedUp = (news: readonly News[], pending: readonly ApprovalRequest[], scope: NoticePreferences['in_app']): Notice[] =>
  news.flatMap(({ approvalId, what }) => {
    const request = pending.find(({ id }) => id === approvalId);
    if (request === undefined || (scope === 'mine' && !request.concerns_me)) return [];
    return [{ approvalId, runId: request.run_id, title: `${titles[what]}: ${request.tool_name}`, agentName: request.agent_name, expiresAt: request.expires_at }];
  });
