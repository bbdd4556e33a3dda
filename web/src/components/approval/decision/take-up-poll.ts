import type { ApprovalRequest } from '@contracts/approvals.ts';

/**
 * How long to wait before asking again whether the run has taken a decision up, in milliseconds; false: no longer. Every second
 * at first, then slower (no worker may be up), and not at all for decisions of long ago or by nobody.
 */
export const takeUpPollMs = ({ decision, server_time: serverTime }: Pick<ApprovalRequest, 'decision' | 'server_time'>, sinceReadingMs: number): number | false => {
  if (decision === null || decision.taken_up_at !== null || (decision.door !== 'api' && decision.door !== 'temporal_signal')) return false;
  const age = Date.parse(serverTime) + sinceReadingMs - Date.parse(decision.decided_at);
  if (age < 30_000) return 1_000;
  return age < 30 * 60_000 ? 10_000 : false;
};
