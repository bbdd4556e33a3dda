import type { ApprovalRequest } from '@contracts/approvals.ts';
import { riskLevels } from '@contracts/tools.ts';

const expiryOf = ({ expires_at: expiresAt }: Pick<ApprovalRequest, 'expires_at'>): number => (expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt));

/** Requests in the order they want a person: nearest expiry first, then the riskier, then the older. */
export const sortQueue = <Request extends Pick<ApprovalRequest, 'expires_at' | 'risk_level' | 'requested_at' | 'id'>>(requests: readonly Request[]): Request[] =>
  requests.toSorted((a, b) => {
    const left = expiryOf(a);
    const right = expiryOf(b);
    if (left !== right) return left < right ? -1 : 1;
    const risk = riskLevels.indexOf(b.risk_level) - riskLevels.indexOf(a.risk_level);
    return risk !== 0 ? risk : Date.parse(a.requested_at) - Date.parse(b.requested_at) || (a.id < b.id ? -1 : 1);
  });

/**
 * Splits what the server answers into the rows on the screen and those behind the "new requests" pill. `known` are the ids the
 * reader has been shown; where nothing is shown, or nothing of it is left, everything new is shown at once.
 */
export const holdBackNew = <Request extends { id: string }>(requests: readonly Request[], known: ReadonlySet<string> | undefined): { shown: Request[]; fresh: Request[] } => {
  if (known === undefined) return { shown: [...requests], fresh: [] };
  const shown = requests.filter(({ id }) => known.has(id));
  if (shown.length === 0) return { shown: [...requests], fresh: [] };
  return { shown, fresh: requests.filter(({ id }) => !known.has(id)) };
};

/** The request after `id` in the queue, else the one before it; undefined when it was the last. */
export const neighbourOf = <Request extends { id: string }>(queue: readonly Request[], id: string): Request | undefined => {
  const index = queue.findIndex((request) => request.id === id);
  return index < 0 ? queue[0] : (queue[index + 1] ?? queue[index - 1]);
};
