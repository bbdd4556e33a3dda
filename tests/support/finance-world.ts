import { beforeEach, expect } from 'vitest';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import { findApprovalRequest } from '../../db/repositories/approvals.repository.ts';
import { settleApproval, type Settlement } from '../../engine/hitl/index.ts';
import { createDelegation } from '../../engine/people/index.ts';
import { getApproval } from '../../engine/traces/index.ts';
import { approvalWorldOfFile, termsWith } from './approvals.ts';
import { failureOf } from './tools.ts';

const inMinutes = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/**
 * An approval world of a test file with four people: ana and ben are the group `finance`, cem is an approver of no group, dora an admin. Policies ask on
 * plain terms at the start of each test.
 */
export async function financeWorldOfFile() {
  const { database, world } = await approvalWorldOfFile();
  const { db } = database;
  const [ana, ben, cem, dora] = [await world.addPerson('ana'), await world.addPerson('ben'), await world.addPerson('cem'), await world.addPerson('dora', 'admin')];
  const names: Record<string, string> = { [ana]: 'ana', [ben]: 'ben', [cem]: 'cem', [dora]: 'dora' };
  await world.addGroup('finance', [ana, ben]);
  beforeEach(() => {
    world.rule = () => ({});
  });
  return {
    db, world, ana, ben, cem, dora,
    decide: (requestId: string, userId: string, decision: Partial<Settlement> = {}) =>
      settleApproval(world.deps, { requestId, verdict: 'approve', door: 'api', actor: { userId, name: names[userId] ?? 'somebody' }, ...decision }),
    codeOf: async (work: Promise<unknown>): Promise<string> => (await failureOf(work)).code,
    onTerms(terms: Partial<ApprovalTerms>): void {
      world.rule = () => ({ terms: termsWith(terms) });
    },
    rowOf: async (requestId: string) => (await findApprovalRequest(db, requestId)) ?? expect.unreachable(),
    viewOf: (requestId: string, userId: string) => getApproval(world.deps, requestId, { userId, role: 'approver' }),
    auditOf: async (requestId: string): Promise<string[]> => (await db.selectFrom('audit_log').select('action').where('object_id', '=', requestId).orderBy('sequence').execute()).map(({ action }) => action),
    eventsOf: async (requestId: string): Promise<string[]> =>
      (await db.selectFrom('events').select('data').where('type', '=', 'approval-changed').orderBy('id').execute()).map(({ data }) => data as { approval_id: string; change: string }).filter((data) => data.approval_id === requestId).map(({ change }) => change),
    callOf: (toolCallId: string) => db.selectFrom('tool_calls').selectAll().where('id', '=', toolCallId).executeTakeFirstOrThrow(),
    delegate: async (from: string, to: string): Promise<string> =>
      (await createDelegation(world.deps, { body: { from_user_id: from, to_user_id: to, starts_at: inMinutes(-1), ends_at: inMinutes(60), note: '' }, actor: { userId: dora, name: 'dora', role: 'admin' } })).id,
  };
}
