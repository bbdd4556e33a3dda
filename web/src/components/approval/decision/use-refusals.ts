import type { ApprovalRequest } from '@contracts/approvals.ts';
import { rolesWith } from '@contracts/permissions.ts';
import { useCan, useUser } from '@/lib/auth.tsx';
import type { Refusals } from './decision-bar.tsx';
import { askingPolicies } from '../terms/terms-words.ts';

/** Why the signed-in person may not decide, in sentences; the server decides, this only says beforehand what it would answer. */
export const useRefusals = (request: Pick<ApprovalRequest, 'forbids_self_approval' | 'started_by_id' | 'can_decide' | 'terms' | 'matched_rules' | 'votes'>): Refusals => {
  const user = useUser();
  const canDecide = useCan('approvals:decide');
  if (!canDecide) return { decide: `Your role (${user.role}) may read but not decide; that takes ${rolesWith('approvals:decide').join(' or ')}.` };
  if (request.forbids_self_approval && request.started_by_id === user.id) {
    return { approve: 'You started this run, and the policy wants somebody else to approve it. You may reject it.' };
  }
  const { is_allowed: isAllowed, reason } = request.can_decide;
  // Whoever said yes may still change their mind to no.
  if (request.votes.some(({ by, counts }) => counts && by.user_id === user.id)) return { approve: reason ?? 'You have approved this already; somebody else has to as well.' };
  if (!isAllowed) return { decide: reason ?? 'The policy lets other people decide on this request.' };
  return request.terms.editable_fields?.length === 0 ? { edit: `No argument may be edited: ${askingPolicies(request)} says so.` } : {};
};
