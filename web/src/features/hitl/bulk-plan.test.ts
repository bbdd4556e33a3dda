import { expect, test } from 'vitest';
import { maxBulkApprovals, planBulkApproval, whyAlone } from './bulk-plan.ts';

type Candidate = Parameters<typeof whyAlone>[0];
const request = (id: string, changes: Partial<Candidate> = {}): Candidate => ({
  id, kind: 'tool_call', tool_name: 'http_request', risk_level: 'MEDIUM', matched_rules: [{ id: 'p1', description: '' }], original_arguments: null,
  can_decide: { is_allowed: true, reason: null, on_behalf_of: null }, ...changes,
});
const idsOf = (requests: readonly { id: string }[]): string[] => requests.map(({ id }) => id);

test('one tool and the same policies go together, others stay behind with the reason', () => {
  const { together, alone } = planBulkApproval([
    request('1'), request('2', { tool_name: 'run_sql' }), request('3', { matched_rules: [{ id: 'p2', description: '' }] }), request('4', { risk_level: 'LOW' }),
  ]);
  expect(idsOf(together)).toEqual(['1', '4']);
  expect(alone.map(({ request: { id }, why }) => [id, why])).toEqual([['2', 'another tool than http_request'], ['3', 'asked by other policies']]);
});

test('the order in which policies are named does not matter', () => {
  const [a, b] = [{ id: 'a', description: '' }, { id: 'b', description: '' }];
  expect(planBulkApproval([request('1', { matched_rules: [a, b] }), request('2', { matched_rules: [b, a] })]).together).toHaveLength(2);
});

test.each([
  [{ risk_level: 'HIGH' }, /HIGH/],
  [{ risk_level: 'CRITICAL' }, /CRITICAL/],
  [{ kind: 'question' }, /answered/],
  [{ kind: 'outcome_unknown' }, /happened/],
  [{ original_arguments: {} }, /edited/],
  [{ can_decide: { is_allowed: false, reason: 'For finance.', on_behalf_of: null } }, /For finance/],
] as [Partial<Candidate>, RegExp][])('%j is decided alone', (changes, why) => {
  expect(whyAlone(request('1', changes))).toMatch(why);
  expect(planBulkApproval([request('1', changes), request('2')]).together).toHaveLength(1);
});

test('no more than the server takes at once', () => {
  const { together, alone } = planBulkApproval(Array.from({ length: maxBulkApprovals + 2 }, (_, index) => request(String(index))));
  expect(together).toHaveLength(maxBulkApprovals);
  expect(alone).toHaveLength(2);
});
