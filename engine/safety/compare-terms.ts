import type { ApprovalRequirement, ApprovalTerms } from '../../contracts/approvals.ts';
import { withEscalations } from './escalated-requirements.ts';

/** Whether meeting `mine` always meets `theirs`: as many people at least, out of nobody else. */
const covers = (mine: ApprovalRequirement, theirs: ApprovalRequirement): boolean =>
  mine.quorum >= theirs.quorum && (theirs.approvers.length === 0 || (mine.approvers.length > 0 && mine.approvers.every((approver) => theirs.approvers.includes(approver))));

/** Demands with everybody who may meet them in the end: whoever waits long enough may ask those of every step of the escalation. */
const inTheEnd = (terms: ApprovalTerms): ApprovalRequirement[] => withEscalations(terms, terms.escalations);

/** Whether whatever `mine` lets through, `theirs` lets through as well. */
export function isAtLeastAsStrict(mine: ApprovalTerms, theirs: ApprovalTerms): boolean {
  const { editable_fields: fields } = theirs;
  const own = inTheEnd(mine);
  return (
    inTheEnd(theirs).every((requirement) => own.some((demand) => covers(demand, requirement))) &&
    (mine.forbids_self_approval || !theirs.forbids_self_approval) &&
    (fields === null || (mine.editable_fields !== null && mine.editable_fields.every((field) => fields.includes(field))))
  );
}

/**
 * What other terms of an approval mean: who has to say yes, now or after an escalation, whether to one's own run, and what may be edited before.
 * Times are left out, for no time that passes approves anything. Where each lets something through that the other does not, it is `looser`: that is
 * what somebody has to look at.
 */
export function compareTerms(before: ApprovalTerms, after: ApprovalTerms): 'looser' | 'stricter' | 'unchanged' {
  if (!isAtLeastAsStrict(after, before)) return 'looser';
  return isAtLeastAsStrict(before, after) ? 'unchanged' : 'stricter';
}
