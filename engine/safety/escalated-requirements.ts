import type { ApprovalRequirement, ApprovalTerms } from '../../contracts/approvals.ts';

/** The demands of terms, each with whom these steps of its own policy's escalation add. Where a policy names nobody, everybody may already. */
export function withEscalations({ requirements }: Pick<ApprovalTerms, 'requirements'>, steps: ApprovalTerms['escalations']): ApprovalRequirement[] {
  return requirements.map((requirement) => {
    if (requirement.approvers.length === 0) return requirement;
    const escalated = steps.filter(({ policy_id: policyId = requirement.policy_id }) => policyId === requirement.policy_id).flatMap(({ approvers }) => approvers);
    return { ...requirement, approvers: [...new Set([...requirement.approvers, ...escalated])] };
  });
}
