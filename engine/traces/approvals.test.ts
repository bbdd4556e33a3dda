import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { approvalWorldOfFile, demand, termsWith } from '../../tests/support/approvals.ts';
import { settleApproval } from '../hitl/index.ts';
import { listApprovals } from './approvals.ts';

const { database, world } = await approvalWorldOfFile();
const [ana, ben] = [await world.addPerson('ana'), await world.addPerson('ben')];

/** A rejected request that one of them decided. */
const rejectedBy = async (userId: string): Promise<string> => {
  world.rule = () => ({ terms: termsWith({ requirements: [demand([`user:${userId}`])] }) });
  const { requestId } = await world.ask();
  await settleApproval(world.deps, { requestId, verdict: 'reject', door: 'api', actor: { userId, name: 'them' }, note: 'no' });
  return requestId;
};
const pageOf = async (limit: number, cursor?: string | null) => {
  const page = await listApprovals(world.deps, { limit, mine: true, status: ['rejected', 'approved'], ...(cursor ? { cursor } : {}) }, { userId: ana, role: 'approver' });
  return { ids: page.items.map(({ id }) => id), next: page.next_cursor };
};

test('what was decided and is a reader\'s own is listed page by page, each once, the newest first', async () => {
  const own: string[] = [];
  for (let n = 0; n < 5; n++) {
    await rejectedBy(ben);
    own.unshift(await rejectedBy(ana));
  }
  for (const limit of [1, 2, 5, 6]) {
    const pages = [await pageOf(limit)];
    while (pages.at(-1)?.next) pages.push(await pageOf(limit, pages.at(-1)?.next));
    expect(pages.flatMap(({ ids }) => ids)).toEqual(own);
    expect(pages).toHaveLength(Math.ceil(5 / limit));
  }
});

test('one page of them looks through 5,000 at most, and the next begins where it ended', async () => {
  const { ids: [newest] } = await pageOf(1);
  const others = await rejectedBy(ben);
  await sql`insert into hitl_requests select (jsonb_populate_record(one, jsonb_build_object('id', gen_random_uuid()))).* from hitl_requests one, generate_series(1, 5000) where one.id = ${others}::uuid`.execute(database.db);
  const empty = await pageOf(2);
  expect(empty).toEqual({ ids: [], next: expect.any(String) });
  expect((await pageOf(2, empty.next)).ids[0]).toBe(newest);
});
