import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DecisionVerdict } from '../../../contracts/approvals.ts';
import { findApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import { findToolCall, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { type ApprovalWorld, createApprovalWorld } from '../../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { finishRun } from '../../runs/index.ts';
import { extendApproval, requestApproval, settleApproval } from '../index.ts';

let database: TestDatabase;
let world: ApprovalWorld;
let ana: { userId: string; name: string };
beforeAll(async () => {
  database = await createTestDatabase();
  world = createApprovalWorld(database.db);
  ana = { userId: await world.addPerson('ana'), name: 'ana' };
});
afterAll(() => database.close());

const stateOf = async (toolCallId: string) => (await findToolCall(database.db, toolCallId))?.state;
const decide = (requestId: string, verdict: DecisionVerdict) => settleApproval(world.deps, { requestId, verdict, door: 'api', actor: ana, note: 'I looked.' });
const isUnknown = (toolCallId: string) => updateToolCall(database.db, toolCallId, { state: 'outcome_unknown', effect: 'external', error: { code: 'TOOL_FAILED', message: 'Nobody knows.' } });

describe('whether it happened', () => {
  const askWhether = async () => {
    const { runId, toolCallId } = await world.propose();
    await isUnknown(toolCallId);
    const ask = () => requestApproval(world.deps, { runId, toolCallId, kind: 'outcome_unknown' });
    return { toolCallId, ask, requestId: (await ask()).requestId };
  };

  test.each<[DecisionVerdict, string]>([['confirm_happened', 'succeeded'], ['reject', 'failed'], ['approve', 'allowed']])('is not asked a second time after %s, by an attempt at asking that died before it could say so', async (verdict, state) => {
    const { toolCallId, ask, requestId } = await askWhether();
    await decide(requestId, verdict);
    expect(await ask()).toMatchObject({ requestId, isSettled: true });
    expect(await stateOf(toolCallId)).toBe(state);
  });

  test('is asked anew when it was done again and nobody knows once more', async () => {
    const { toolCallId, ask, requestId } = await askWhether();
    await decide(requestId, 'approve');
    await isUnknown(toolCallId);
    const again = await ask();
    expect(again.requestId).not.toBe(requestId);
    expect(again.isSettled).toBeUndefined();
    expect((await ask()).requestId).toBe(again.requestId);
  });

  test('stands once it is known: nothing is done again or given up over it', async () => {
    const { toolCallId, requestId } = await askWhether();
    await updateToolCall(database.db, toolCallId, { state: 'succeeded', error: null });
    for (const verdict of ['approve', 'reject'] as const) await expect(decide(requestId, verdict)).rejects.toMatchObject({ code: 'APPROVAL_STALE', message: expect.stringContaining('succeeded') });
    expect(await stateOf(toolCallId)).toBe('succeeded');
    expect(await decide(requestId, 'confirm_happened')).toMatchObject({ status: 'approved' });
    expect(await stateOf(toolCallId)).toBe('succeeded');
  });
});

describe('a run that has ended', () => {
  const end = (runId: string) => finishRun(world.deps, { runId, phase: 'cancelled', end: { code: 'CANCELLED_BY_USER', message: 'Stopped.' } });

  test('asks nobody any more', async () => {
    const { runId, toolCallId } = await world.propose();
    await end(runId);
    await expect(requestApproval(world.deps, { runId, toolCallId, kind: 'tool_call' })).rejects.toMatchObject({ code: 'RUN_ENDED' });
    expect(await database.db.selectFrom('hitl_requests').select('id').where('run_id', '=', runId).execute()).toEqual([]);
  });

  test('has nothing decided on it, though a request was left open', async () => {
    const { runId, toolCallId, requestId } = await world.ask();
    await database.db.updateTable('runs').set({ phase: 'cancelled', finished_at: new Date() }).where('id', '=', runId).execute();
    for (const verdict of ['approve', 'reject'] as const) await expect(decide(requestId, verdict)).rejects.toMatchObject({ code: 'RUN_ENDED' });
    await expect(extendApproval(world.deps, { requestId, actor: ana, expiresAt: new Date(Date.now() + 48 * 3_600_000), seen: {} })).rejects.toMatchObject({ code: 'RUN_ENDED' });
    expect(await findApprovalRequest(database.db, requestId)).toMatchObject({ status: 'pending' });
    expect(await stateOf(toolCallId)).toBe('awaiting_approval');
  });
});
