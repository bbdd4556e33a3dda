import type { PolicySummary } from '../../../contracts/policies.ts';

/** What a policy does and what it is about, in words. Of text that does not parse: effect `mixed` and empty words. */
export function describePolicy(_cedar: string): Pick<PolicySummary, 'effect' | 'scope' | 'description'> {
  return { effect: 'mixed', scope: '', description: '' };
}
