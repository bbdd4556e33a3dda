import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useQuery } from '@tanstack/react-query';
import { useNow } from '@/hooks/use-now.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';

/** Most requests read for the badge; above it the badge says "99+". */
const readAtMost = 100;
const urgentMs = 60_000;

export const pendingApprovalsQuery = () => apiQuery('listApprovals', { query: { status: 'pending', limit: readAtMost } });

/** The server's clock minus this browser's, from the time an answer carried: countdowns do not trust the client's. */
export const serverOffsetMs = (request: Pick<ApprovalRequest, 'server_time'>, receivedAt: number): number => Date.parse(request.server_time) - receivedAt;

/** How many approvals wait that the signed-in person may decide, and whether one has less than a minute left. */
export const usePendingApprovals = (): { count: number; label: string; isUrgent: boolean } => {
  const canDecide = useCan('approvals:decide');
  const { data, dataUpdatedAt } = useQuery(pendingApprovalsQuery());
  const now = useNow(5_000);
  if (!canDecide || data === undefined) return { count: 0, label: '0', isUrgent: false };
  const mine = data.items.filter(({ can_decide: may }) => may.is_allowed);
  const count = mine.length;
  const isUrgent = mine.some((request) => {
    if (request.expires_at === null) return false;
    const left = Date.parse(request.expires_at) - (now + serverOffsetMs(request, dataUpdatedAt));
    return left < urgentMs;
  });
  return { count, label: count > 99 ? '99+' : data.next_cursor !== null ? `${count}+` : String(count), isUrgent };
};
