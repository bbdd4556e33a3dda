import { expect, test } from 'vitest';
import { financeWorldOfFile } from '../../tests/support/finance-world.ts';
import { failureOf } from '../../tests/support/tools.ts';
import { extendApproval } from './extend-approval.ts';
import { takeDecision } from './take-decision.ts';

const { db, world, ana, codeOf, onTerms, rowOf, viewOf, auditOf, eventsOf } = await financeWorldOfFile();

test('an extension is a minute or more, or all that is left', async () => {
  onTerms({ expires_after_seconds: 3_600, extendable_to_seconds: 3_690 });
  const { requestId } = await world.ask();
  const { expires_at: first } = await db.selectFrom('hitl_requests').select('expires_at').where('id', '=', requestId).executeTakeFirstOrThrow();
  const at = (seconds: number): Date => new Date((first as Date).getTime() + seconds * 1_000);
  const extend = (seconds: number) => extendApproval(world.deps, { requestId, actor: { userId: ana, name: 'ana' }, expiresAt: at(seconds), seen: {} });
  const refused = (earliest: number) => ({ code: 'APPROVAL_NOT_EXTENDABLE', message: expect.stringContaining('a minute or more'), details: { earliest: at(earliest).toISOString(), extendable_until: at(90).toISOString() } });
  await expect(extend(0.001)).rejects.toMatchObject(refused(60));
  await expect(extend(59)).rejects.toMatchObject(refused(60));
  await extend(60);
  await expect(extend(89)).rejects.toMatchObject(refused(90));
  await extend(90);
});

test('an extension moves the expiry as far as the terms let it, and the run looks again then', async () => {
  onTerms({ expires_after_seconds: 3_600, extendable_to_seconds: 7_200 });
  const { requestId } = await world.ask();
  const { requested_at: asked } = await rowOf(requestId);
  const extend = (minutes: number) => extendApproval(world.deps, { requestId, actor: { userId: ana, name: 'ana' }, expiresAt: new Date(asked.getTime() + minutes * 60_000), seen: { version: 1 } });
  expect((await viewOf(requestId, ana)).extendable_until).toBe(new Date(asked.getTime() + 7_200_000).toISOString());
  expect((await failureOf(extend(121))).details).toMatchObject({ extendable_until: new Date(asked.getTime() + 7_200_000).toISOString() });
  expect(await codeOf(extend(30))).toBe('APPROVAL_NOT_EXTENDABLE');
  await extend(120);
  expect(await takeDecision(world.deps, { requestId })).toMatchObject({ status: 'pending', wakeAtMs: asked.getTime() + 7_200_000, expiresAtMs: asked.getTime() + 7_200_000 });
  expect(await codeOf(extend(120))).toBe('APPROVAL_NOT_EXTENDABLE');
  expect((await viewOf(requestId, ana)).extendable_until).toBeNull();
  expect([await auditOf(requestId), await eventsOf(requestId)]).toEqual([['approval.extend'], ['extended']]);
  onTerms({ extendable_to_seconds: null });
  const { requestId: fixed } = await world.ask();
  expect(await codeOf(extendApproval(world.deps, { requestId: fixed, actor: { userId: ana, name: 'ana' }, expiresAt: new Date(Date.now() + 48 * 3_600_000), seen: {} }))).toBe('APPROVAL_NOT_EXTENDABLE');
});
