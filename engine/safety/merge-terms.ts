import type { ApprovalTerms } from '../../contracts/approvals.ts';
import type { StatementTerms } from './cedar/annotations.ts';

/** Where no policy says otherwise; the same as the built-in policy for HIGH risk says. */
const defaults = { expires: 24 * 3_600, extendable: 72 * 3_600 };

/** What one policy that asked demands. */
export interface PolicyDemand {
  policyId: string;
  policyName: string;
  terms: readonly StatementTerms[];
}

const smallest = (numbers: readonly (number | null)[]): number | null => {
  const said = numbers.filter((number) => number !== null);
  return said.length === 0 ? null : Math.min(...said);
};

/** What the statements of one policy demand together: whoever each of them names, the most of what any asks. */
const toRequirements = ({ policyId, policyName, terms }: PolicyDemand): ApprovalTerms['requirements'] => {
  const demands = terms.filter(({ approvers, quorum }) => approvers.length > 0 || (quorum ?? 1) > 1).map(({ approvers, quorum }) => ({ policy_id: policyId, policy_name: policyName, approvers, quorum: quorum ?? 1 }));
  return [...new Map(demands.map((demand) => [JSON.stringify(demand), demand])).values()];
};

function mergeExpiry(terms: readonly StatementTerms[]): Pick<ApprovalTerms, 'expires_after_seconds' | 'extendable_to_seconds'> {
  const [expiries, cap] = [terms.map(({ expires }) => expires), smallest(terms.map(({ extendable }) => extendable))];
  const soonest = smallest(expiries.map((expiry) => (expiry === 'never' ? null : expiry)));
  // A policy that lets it wait for ever gives way to one that does not.
  if (soonest === null && expiries.includes('never')) return { expires_after_seconds: null, extendable_to_seconds: null };
  const expires = soonest ?? defaults.expires;
  const extendable = cap ?? (soonest === null ? defaults.extendable : null);
  return { expires_after_seconds: expires, extendable_to_seconds: extendable !== null && extendable > expires ? extendable : null };
}

const intersect = (lists: readonly (string[] | null)[]): string[] | null => lists.reduce((left, right) => (left === null ? right : right === null ? left : left.filter((field) => right.includes(field))), null);

/**
 * Terms of an approval that several policies asked for: each one's demand has to be met, and of everything else the strictest counts: earliest
 * expiry and reminder, smallest cap, every escalation, only fields that all let be edited.
 */
export function mergeTerms(demands: readonly PolicyDemand[]): ApprovalTerms {
  const terms = demands.flatMap((demand) => demand.terms);
  const expiry = mergeExpiry(terms);
  const isInTime = (seconds: number): boolean => expiry.expires_after_seconds === null || seconds < expiry.expires_after_seconds;
  const reminder = smallest(terms.map((each) => each.reminder));
  const escalations = new Map(demands.flatMap(({ policyId, terms: own }) => own.flatMap((each) => each.escalations.map((step) => ({ ...step, policy_id: policyId })))).map((step) => [JSON.stringify(step), step]));
  return {
    requirements: demands.flatMap(toRequirements),
    forbids_self_approval: terms.some(({ forbidsSelfApproval }) => forbidsSelfApproval),
    ...expiry,
    reminder_after_seconds: reminder !== null && isInTime(reminder) ? reminder : null,
    escalations: [...escalations.values()].filter((step) => isInTime(step.after_seconds)).toSorted((a, b) => a.after_seconds - b.after_seconds),
    editable_fields: intersect(terms.map(({ editable }) => editable)),
  };
}
