import type { PolicySummary } from '@contracts/policies.ts';
import type { GovernanceSearch } from '../search.ts';

type Filters = Pick<GovernanceSearch, 'text' | 'effect' | 'state'>;
type Order = Pick<GovernanceSearch, 'sort' | 'direction'>;

export const noPolicyFilter = { text: undefined, effect: undefined, state: undefined } satisfies Filters;
export const hasPolicyFilter = (search: Filters): boolean => search.text !== undefined || search.effect !== undefined || search.state !== undefined;

/** The strictest first, since it wins. */
const strength: Record<PolicySummary['effect'], number> = { deny: 0, ask: 1, mixed: 2, allow: 3 };
const byName = (a: PolicySummary, b: PolicySummary): number => a.name.localeCompare(b.name, 'en', { numeric: true });
const orders: Record<NonNullable<Order['sort']>, (a: PolicySummary, b: PolicySummary) => number> = {
  name: byName,
  matches: (a, b) => a.matches_7d - b.matches_7d || byName(a, b),
  // What was never changed came first of all.
  changed: (a, b) => Date.parse(a.changed_at ?? '1970-01-01') - Date.parse(b.changed_at ?? '1970-01-01') || byName(a, b),
};

/** The policies that fit, in the order asked for; without one the strictest first, built-in ones after those people wrote. */
export const arrangePolicies = (policies: readonly PolicySummary[], { text, effect, state, sort, direction }: Filters & Order): PolicySummary[] => {
  const words = (text ?? '').toLowerCase().split(/\s+/).filter((word) => word !== '');
  const found = policies.filter((policy) => {
    const said = `${policy.name} ${policy.description} ${policy.scope}`.toLowerCase();
    return (effect === undefined || policy.effect === effect) && (state === undefined || policy.state === state) && words.every((word) => said.includes(word));
  });
  if (sort === undefined) return found.toSorted((a, b) => strength[a.effect] - strength[b.effect] || Number(a.is_built_in) - Number(b.is_built_in) || byName(a, b));
  const sign = direction === 'desc' ? -1 : 1;
  return found.toSorted((a, b) => sign * orders[sort](a, b));
};
