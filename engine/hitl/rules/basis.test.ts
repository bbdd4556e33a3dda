import { describe, expect, test } from 'vitest';
import { termsWith } from '../../../tests/support/approvals.ts';
import { type Basis, describeDrift, isSameBasis, toBasis } from './basis.ts';

const judged = { verdict: 'ask' as const, riskLevel: 'HIGH' as const, effect: 'external' as const, facts: { definition_hash: 'a', run: { tokens: 5 } }, matchedRules: [{ id: 'p', description: '', version: 1 }], terms: termsWith() };
const basis: Basis = toBasis(judged, 3);

describe('the basis of an approval', () => {
  test('is the same however far the run has come, whatever the order of the policies', () => {
    const rules = [{ id: 'b', description: '', version: 1 }, { id: 'a', description: 'x', version: 2 }];
    expect(isSameBasis(toBasis({ ...judged, matchedRules: rules }, null), toBasis({ ...judged, matchedRules: rules.toReversed(), facts: { definition_hash: 'a', run: { tokens: 900 }, at: 'later' } }, null))).toBe(true);
  });

  test.each<[string, Partial<Basis>, RegExp]>([
    ['the risk', { riskLevel: 'CRITICAL' }, /risk is CRITICAL, no longer HIGH/],
    ['the effect', { effect: 'none' }, /effect is none, no longer external/],
    ['the tool', { definitionHash: 'b' }, /definition of the tool changed/],
    ['the data source', { dataSourceVersion: 4 }, /settings of the data source changed/],
    ['a policy that is gone', { policies: [] }, /policy Payments \(version 1\) no longer decides/],
  ])('is another when %s changed, and says so', (_what, change, words) => {
    const now = { ...basis, ...change };
    expect(isSameBasis(basis, now)).toBe(false);
    expect(describeDrift(basis, now, new Map([['p', 'Payments']]))).toMatch(words);
  });
});
