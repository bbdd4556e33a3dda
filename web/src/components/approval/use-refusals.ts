import type { ApprovalRequest } from '@contracts/approvals.ts';
import { rolesWith } from '@contracts/permissions.ts';
import { useCan, useUser } from '@/lib/auth.tsx';
import type { Refusals } from './decision-bar.tsx';

/** Why the signed-in person may not decide, in sentences; the server decides, this only says beforehand what it would answer. */
export const useRefusals = (request: Pick<ApprovalRequest, 'forbids_self_approval' | 'started_by_id'>): Refusals => {
  const user = useUser();
  const canDecide = useCan('approvals:decide');
  if (!canDecide) return { decide: `Your role (${user.role}) may read but not decide; that takes ${rolesWith('approvals:decide').join(' or ')}.` };
  if (request.forbids_self_approval && request.started_by_id === user.id) {
    return { approve: 'You started this run, and the policy wants somebody else to approve it. You may reject it.' };
  }
  return {};
};
