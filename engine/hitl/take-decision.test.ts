import { expect, test } from 'vitest';
import { approvalWorldOfFile } from '../../tests/support/approvals.ts';
import { verifyAudit } from '../governance/index.ts';
import { takeDecision } from './take-decision.ts';

const { database, world } = await approvalWorldOfFile();

const entriesOf = (requestId: string) => database.db.selectFrom('audit_log').select(['action', 'actor_name']).where('object_id', '=', requestId).execute();

test.each([
  ['NUL', 'a\u0000b', 'a\uFFFDb'], ['half of a character', 'a\uD83D', 'a\uFFFD'], ['a cut through a character', `${'x'.repeat(119)}😀`, `${'x'.repeat(119)}\uFFFD`],
])('a signal by a name with %s is honoured or refused like any other, and audited', async (_what, by, shown) => {
  const [rejected, refused] = [await world.ask(), await world.ask()];
  expect(await takeDecision(world.deps, { requestId: rejected.requestId, verdict: 'reject', by })).toMatchObject({ status: 'declined' });
  expect(await takeDecision(world.deps, { requestId: refused.requestId, verdict: 'nonsense', by })).toMatchObject({ status: 'pending' });
  expect([...(await entriesOf(rejected.requestId)), ...(await entriesOf(refused.requestId))]).toEqual([
    { action: 'approval.reject', actor_name: `${shown} (Temporal signal)` }, { action: 'approval.signal_refused', actor_name: `${shown} (Temporal signal)` },
  ]);
  expect((await database.db.selectFrom('hitl_decisions').select('actor_name').where('request_id', '=', rejected.requestId).executeTakeFirstOrThrow()).actor_name).toBe(`${shown} (Temporal signal)`);
  expect(await verifyAudit(database)).toMatchObject({ is_intact: true });
});

test.each([[{ toString: 1 }], [['approve']], [null], [7], ['\uD800\u0000']])('a verdict that is none, %j, is refused and audited', async (verdict) => {
  const { requestId } = await world.ask();
  expect(await takeDecision(world.deps, { requestId, verdict, by: { name: 'ana' }, note: ['x'] })).toMatchObject({ status: 'pending' });
  expect(await entriesOf(requestId)).toEqual([{ action: 'approval.signal_refused', actor_name: 'somebody (Temporal signal)' }]);
});
