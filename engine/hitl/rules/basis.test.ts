import { describe, expect, test } from 'vitest';
import type { ApprovalTerms } from '../../../contracts/approvals.ts';
import { demand, termsWith } from '../../../tests/support/approvals.ts';
import { type Basis, covers, describeDrift, toBasis } from './basis.ts';

const escalations = [{ after_seconds: 60, approvers: ['role:admin'] }];
const demands = termsWith({ requirements: [demand(['group:finance'])], escalations });
const judged = {
  verdict: 'ask' as const, riskLevel: 'HIGH' as const, effect: 'external' as const, facts: { definition_hash: 'a', transport_hash: 't', run: { tokens: 5 } }, matchedRules: [{ id: 'p', description: '', version: 1 }], terms: demands, policyVersion: 'set-1',
};
const basis: Basis = toBasis(judged, { id: 's', version: 3 });
/** The same, judged by other policies. */
const elsewhere: Basis = { ...basis, policySet: 'set-2' };
const asks = (terms: ApprovalTerms): Basis => toBasis({ ...judged, matchedRules: [], terms }, { id: 's', version: 3 });

describe('the basis of an approval', () => {
  test('is the same however far the run has come, whatever the order of the policies', () => {
    const rules = [{ id: 'b', description: '', version: 1 }, { id: 'a', description: 'x', version: 2 }];
    const later = toBasis({ ...judged, matchedRules: rules.toReversed(), facts: { ...judged.facts, run: { tokens: 900 }, at: 'later' }, policyVersion: 'set-2' }, undefined);
    expect(covers(toBasis({ ...judged, matchedRules: rules }, undefined), later)).toBe(true);
  });

  test.each<[string, Partial<Basis>, RegExp]>([
    ['the risk', { riskLevel: 'CRITICAL' }, /risk is CRITICAL, no longer HIGH/],
    ['the effect', { effect: 'none' }, /effect is none, no longer external/],
    ['the tool', { definitionHash: 'b' }, /definition of the tool changed/],
    ['the way to its server', { transportHash: 'u' }, /MCP server is reached in another way/],
    ['the data source', { dataSourceVersion: 4 }, /settings of the data source changed/],
    ['the data source of this name', { dataSourceId: 'other' }, /data source of this name is another one/],
  ])('is another when %s changed, whatever the policies, and says so', (_what, change, words) => {
    for (const now of [{ ...basis, ...change }, { ...elsewhere, ...change }]) {
      expect(covers(basis, now)).toBe(false);
      expect(describeDrift(basis, now, new Map())).toMatch(words);
    }
  });

  test('is another when a policy that was changed decides, or is gone; between the same policies only when they demand more', () => {
    const now = { ...elsewhere, policies: [] };
    expect(covers(basis, now)).toBe(false);
    expect(describeDrift(basis, now, new Map([['p', 'Payments']]))).toMatch(/policy Payments \(version 1\) no longer decides/);
    expect(covers(basis, { ...now, policySet: 'set-1' })).toBe(true);
  });

  test.each<[string, ApprovalTerms, boolean]>([
    ['nothing in particular', termsWith(), true],
    ['the same of more people', termsWith({ requirements: [demand(['group:finance', 'group:legal'])], escalations }), true],
    ['the same without those who might have come later', { ...demands, escalations: [] }, false],
    ['one more yes', { ...demands, requirements: [demand(['group:finance'], 2)] }, false],
    ['somebody else than whoever started the run', { ...demands, forbids_self_approval: true }, false],
  ])('counts where the same policies demand %s now: %s', (_what, terms, expected) => {
    expect(covers(basis, asks(terms))).toBe(expected);
  });

  test('that takes more says so, where nothing else changed', () => {
    expect(describeDrift(basis, { ...basis, terms: { ...demands, escalations: [] } }, new Map())).toBe('Asked again, since this changed after it was decided: an approval takes more now.');
  });

  test('that was kept before more of it was is compared in what it says', () => {
    const { transportHash: _transport, dataSourceId: _source, policySet: _set, terms: _terms, ...kept } = basis;
    expect(covers(kept, basis)).toBe(true);
    const now = { ...basis, dataSourceVersion: 4 };
    expect(covers(kept, now)).toBe(false);
    expect(describeDrift(kept, now, new Map())).toBe('Asked again, since this changed after it was decided: the settings of the data source changed.');
  });
});
