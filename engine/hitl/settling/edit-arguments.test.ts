import { expect, test } from 'vitest';
import { hashJson } from '../../../platform/hash-json.ts';
import { demand, termsWith } from '../../../tests/support/approvals.ts';
import { financeWorldOfFile } from '../../../tests/support/finance-world.ts';
import { failureOf } from '../../../tests/support/tools.ts';

const { world, ana, ben, cem, dora, decide, codeOf, rowOf, viewOf, auditOf, callOf } = await financeWorldOfFile();

/** Up to 100 by finance alone, above by an admin and finance, above 1,000 never; nothing up to 10 is asked about. */
const byAmount = (): void => {
  world.rule = ({ facts }) => {
    const amount = (facts['arguments'] as { amount?: number } | undefined)?.amount ?? (facts['amount'] as number);
    if (amount <= 10) return { verdict: 'allow', terms: null };
    if (amount > 1_000) return { verdict: 'deny', terms: null, reason: 'Too much.' };
    return { terms: termsWith({ requirements: amount > 100 ? [demand(['group:finance']), demand(['role:admin'], 1, 'large')] : [demand(['group:finance'])], editable_fields: ['amount'] }) };
  };
};

test('an edit that needs somebody else stays open as another version with the editor\'s yes; earlier yeses are void', async () => {
  byAmount();
  const { requestId, toolCallId } = await world.ask();
  expect(await decide(requestId, ana, { editedArguments: { amount: 500 }, note: 'the whole sum' })).toMatchObject({ status: 'pending' });
  expect(await viewOf(requestId, ben)).toMatchObject({
    status: 'pending', version: 2, arguments: { amount: 500 }, original_arguments: { amount: 50 }, arguments_hash: hashJson({ amount: 500 }), votes: [{ by: { user_id: ana } }], votes_missing: [0, 1], effect_sentence: 'Pay 500',
  });
  const stale = await failureOf(decide(requestId, dora, { seen: { version: 1 } }));
  expect([stale.code, stale.details]).toMatchObject(['APPROVAL_STALE', { version: 2, changed_by: 'ana', changed_at: expect.any(String), changed_fields: ['amount'] }]);
  const unseen = await failureOf(decide(requestId, dora));
  expect([unseen.code, unseen.details]).toEqual([stale.code, stale.details]);
  expect(await decide(requestId, dora, { seen: { version: 2, argumentsHash: hashJson({ amount: 500 }) } })).toMatchObject({ status: 'approved_with_edits' });
  expect(await callOf(toolCallId)).toMatchObject({ state: 'allowed', arguments: { amount: 50 }, edited_arguments: { amount: 500 } });
  expect((await viewOf(requestId, ana)).decision).toMatchObject({ edited_arguments: { amount: 500 } });
  expect(await auditOf(requestId)).toEqual(['approval.edit', 'approval.approve']);
});

test('an edit that this person alone may approve, or nobody is asked about, settles at once', async () => {
  byAmount();
  for (const amount of [60, 5]) {
    const { requestId, toolCallId } = await world.ask();
    expect(await decide(requestId, ana, { editedArguments: { amount } })).toMatchObject({ status: 'approved_with_edits' });
    expect(await callOf(toolCallId)).toMatchObject({ state: 'allowed', edited_arguments: { amount } });
  }
});

test('an edit is refused where the terms keep the field, where it does not fit and where it is denied', async () => {
  byAmount();
  const { requestId } = await world.ask();
  const kept = await failureOf(decide(requestId, ana, { editedArguments: { amount: 50, note: 'x' } }));
  expect([kept.code, kept.message]).toEqual(['APPROVAL_EDIT_INVALID', expect.stringMatching(/Payments.*note.*only amount/)]);
  expect(await codeOf(decide(requestId, ana, { editedArguments: { amount: 'much' } }))).toBe('APPROVAL_EDIT_INVALID');
  expect((await failureOf(decide(requestId, ana, { editedArguments: { amount: 5_000 } }))).message).toContain('Too much.');
  expect(await codeOf(decide(requestId, cem, { editedArguments: { amount: 60 } }))).toBe('APPROVAL_NOT_ELIGIBLE');
  expect(await rowOf(requestId)).toMatchObject({ status: 'pending', version: 1, arguments: { amount: 50 } });
  expect(await decide(requestId, ana, { editedArguments: { amount: 50 } })).toMatchObject({ status: 'approved' });
});
