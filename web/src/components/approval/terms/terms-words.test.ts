import { expect, test } from 'vitest';
import { demandsOf, needsSeveral, sentenceOfMissing, sentenceOfVote, spanOf, wordsOfApprovers } from './terms-words.ts';

const plain = { requirements: [], forbids_self_approval: false, expires_after_seconds: null, extendable_to_seconds: null, reminder_after_seconds: null, escalations: [], editable_fields: null };
const money = { policy_id: 'p1', policy_name: 'Money out', approvers: ['group:finance', 'user:ana@example.com', 'role:admin'], quorum: 2 };

test('approvers are said as people say them', () => {
  expect(wordsOfApprovers(money.approvers)).toBe('the group finance, ana@example.com or every admin');
  expect(wordsOfApprovers([])).toBe('anybody who may decide');
});

test('a request no policy makes demands on needs one decision by anybody', () => {
  expect(demandsOf({ terms: plain, votes_missing: [1] })).toEqual([{ policy: null, who: 'anybody who may decide', quorum: 1, given: 0, missing: 1 }]);
  expect(needsSeveral({ terms: plain, votes_missing: [1] })).toBe(false);
});

test('a yes of several says how many there are and who is waited for', () => {
  const terms = { ...plain, requirements: [money, { ...money, policy_name: 'Private data', approvers: ['group:privacy'], quorum: 1 }] };
  expect(sentenceOfVote({ terms, votes_missing: [1, 1] })).toBe('Recorded: 1 of 2 approvals and 0 of 1 approval, waiting for 1 more from the group finance, ana@example.com or every admin and 1 more from the group privacy.');
  expect(sentenceOfMissing({ terms, votes_missing: [0, 0] })).toBeUndefined();
  expect(needsSeveral({ terms, votes_missing: [2, 1] })).toBe(true);
});

test('spans are whole units where they are', () => {
  expect([60, 1_800, 3_600, 14_400, 172_800, 90].map(spanOf)).toEqual(['1 minute', '30 minutes', '1 hour', '4 hours', '2 days', '1 m 30 s']);
});
