import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApprovalWorld, createApprovalWorld, termsWith } from '../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { extendApproval } from './extend-approval.ts';

let database: TestDatabase;
let world: ApprovalWorld;
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
});
afterAll(() => database.close());

test('an extension is a minute or more, or all that is left', async () => {
  world.rule = () => ({ terms: termsWith({ expires_after_seconds: 3_600, extendable_to_seconds: 3_690 }) });
  const ana = await world.addPerson('ana');
  const { requestId } = await world.ask();
  const { expires_at: first } = await database.db.selectFrom('hitl_requests').select('expires_at').where('id', '=', requestId).executeTakeFirstOrThrow();
  const at = (seconds: number): Date => new Date((first as Date).getTime() + seconds * 1_000);
  const extend = (seconds: number) => extendApproval(world.deps, { requestId, actor: { userId: ana, name: 'ana' }, expiresAt: at(seconds), seen: {} });
  const refused = (earliest: number) => ({ code: 'APPROVAL_NOT_EXTENDABLE', message: expect.stringContaining('a minute or more'), details: { earliest: at(earliest).toISOString(), extendable_until: at(90).toISOString() } });
  await expect(extend(0.001)).rejects.toMatchObject(refused(60));
  await expect(extend(59)).rejects.toMatchObject(refused(60));
  await extend(60);
  await expect(extend(89)).rejects.toMatchObject(refused(90));
  await extend(90);
});
