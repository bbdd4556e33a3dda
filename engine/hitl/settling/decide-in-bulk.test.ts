import { expect, test } from 'vitest';
import { financeWorldOfFile } from '../../../tests/support/finance-world.ts';
import { decideInBulk } from './decide-in-bulk.ts';

const { db, world, ana, ben, decide, codeOf, rowOf, viewOf } = await financeWorldOfFile();

const itemOf = async (requestId: string) => {
  const row = await rowOf(requestId);
  return { id: requestId, version: row.version, arguments_hash: row.arguments_hash };
};
const bulk = async (verdict: 'approve' | 'reject', ids: string[], reason?: string) =>
  (await decideInBulk(world.deps, { body: { verdict, items: await Promise.all(ids.map(itemOf)), ...(reason === undefined ? {} : { reason }) }, actor: { userId: ana, name: 'ana' } })).outcome.items;

test('in bulk each is decided alone: one that cannot be stops no other', async () => {
  const [first, second, third] = [await world.ask(), await world.ask(), await world.ask()];
  await decide(second.requestId, ben, { verdict: 'reject', note: 'no' });
  const items = await bulk('reject', [first.requestId, second.requestId, third.requestId], 'not today');
  expect(items).toMatchObject([{ status: 'rejected', error: null }, { status: null, error: { code: 'APPROVAL_ALREADY_DECIDED' } }, { status: 'rejected', error: null }]);
  expect((await viewOf(first.requestId, ana)).decision).toMatchObject({ door: 'bulk', note: 'not today' });
});

test('in bulk only calls that are alike are approved', async () => {
  const alike = [await world.ask(), await world.ask()].map(({ requestId }) => requestId);
  const question = await world.ask({ toolName: 'ask_person', args: {} });
  world.rule = () => ({ matchedRules: [{ id: 'other', description: 'Another.' }] });
  const other = await world.ask();
  for (const odd of [question, other]) expect(await codeOf(bulk('approve', [...alike, odd.requestId]))).toBe('APPROVAL_BULK_REFUSED');
  await db.updateTable('hitl_requests').set({ risk_level: 'HIGH' }).where('id', '=', other.requestId).execute();
  expect(await codeOf(bulk('approve', [other.requestId]))).toBe('APPROVAL_BULK_REFUSED');
  expect(await bulk('approve', alike)).toMatchObject([{ status: 'approved' }, { status: 'approved' }]);
});
