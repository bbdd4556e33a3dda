import type { Kysely } from 'kysely';
import { afterAll } from 'vitest';
import { z } from 'zod';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import type { Role } from '../../contracts/permissions.ts';
import type { Database } from '../../db/database.ts';
import { insertUser } from '../../db/repositories/users.repository.ts';
import { requestApproval, type SettleDeps } from '../../engine/hitl/index.ts';
import { createGroup } from '../../engine/people/index.ts';
import { checkToolCall, type Policies, type PolicyQuestion, type PolicyVerdict } from '../../engine/safety/index.ts';
import type { Tool } from '../../engine/tools/index.ts';
import { newId } from '../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { addRun, recordTurn } from './run-records.ts';
import { catalogueOf, idleTool, noSecrets } from './tools.ts';

/** Terms of an approval: one decision by anybody within a day, but for what is given. */
export const termsWith = (given: Partial<ApprovalTerms> = {}): ApprovalTerms => ({
  requirements: [], forbids_self_approval: false, expires_after_seconds: 24 * 3_600, extendable_to_seconds: 72 * 3_600, reminder_after_seconds: null, escalations: [], editable_fields: null, ...given,
});

/** A demand of a policy of the given approvers. */
export const demand = (approvers: string[], quorum = 1, policy = 'payments'): ApprovalTerms['requirements'][number] => ({ policy_id: policy, policy_name: policy, approvers, quorum });

/** Pays an amount; the one argument policies of these tests look at. */
const payTool: Tool = {
  ...idleTool('pay'), argumentsSchema: z.strictObject({ amount: z.number(), note: z.string().optional() }), defaultRisk: 'MEDIUM', risk: () => 'MEDIUM', effect: () => 'external',
  facts: (args) => ({ amount: (args as { amount: number }).amount }), effectSentence: (args) => `Pay ${(args as { amount: number }).amount}`,
};
const askTool: Tool = { ...idleTool('ask_person'), asksPerson: true, effectSentence: () => 'Ask a person' };

export type Rule = (question: PolicyQuestion) => Partial<PolicyVerdict>;

interface ProposedCall {
  args?: Record<string, unknown>;
  toolName?: 'pay' | 'ask_person';
  startedBy?: string | null;
}

export interface ApprovalWorld {
  deps: SettleDeps;
  /** What the policies say from now on; asks on plain terms where it says nothing. */
  rule: Rule;
  addPerson(name: string, role?: Role): Promise<string>;
  addGroup(name: string, memberIds: string[]): Promise<string>;
  /** A run of somebody with one call, judged. */
  propose(options?: ProposedCall): Promise<{ toolCallId: string; runId: string }>;
  /** A run somebody started that waits for one call; `startedBy` null: nobody of this system. */
  ask(options?: ProposedCall): Promise<{ requestId: string; toolCallId: string; runId: string }>;
}

/** People, policies and runs enough to decide on approvals, over a database of the test. */
export function createApprovalWorld(db: Kysely<Database>): ApprovalWorld {
  const policies: Policies = {
    environment: 'test',
    current: async () => ({
      version: 'set-test',
      judge: (question) => ({ verdict: 'ask', reason: 'It says so.', matchedRules: [{ id: 'payments', name: 'Payments', description: 'Payments are asked about.', version: 1 }], policyVersion: 'set-test', terms: termsWith(), problems: [], ...world.rule(question) }),
      nearMisses: () => [],
      missingFacts: () => [],
    }),
    forget: () => undefined,
  };
  const deps: SettleDeps = { db, tools: catalogueOf([payTool, askTool]), policies, secrets: noSecrets, notifier: { wake: async () => undefined } };
  const world: ApprovalWorld = {
    deps,
    rule: () => ({}),
    async addPerson(name, role = 'approver') {
      const id = newId();
      await insertUser(db, { id, email: `${name}.${id}@example.com`, name, role, passwordHash: null });
      return id;
    },
    addGroup: async (name, memberIds) => (await createGroup({ db }, { body: { name, description: '', member_ids: memberIds }, actor: { userId: null, name: 'Test' } })).id,
    async propose({ args = { amount: 50 }, toolName = 'pay', startedBy = null } = {}) {
      const runId = await addRun(db);
      await db.updateTable('runs').set({ started_by: startedBy }).where('id', '=', runId).execute();
      const [toolCallId = ''] = await recordTurn(db, { runId, iteration: 1, thought: 'hm', calls: [{ toolName, arguments: args }] });
      await checkToolCall(deps, { toolCallId });
      return { toolCallId, runId };
    },
    async ask(options) {
      const { toolCallId, runId } = await world.propose(options);
      const { requestId } = await requestApproval(deps, { runId, toolCallId, kind: 'tool_call' });
      return { requestId, toolCallId, runId };
    },
  };
  return world;
}

/** The same over a fresh database of the test file that asks for it; both end with it. */
export async function approvalWorldOfFile(): Promise<{ database: TestDatabase; world: ApprovalWorld }> {
  const database = await createTestDatabase();
  afterAll(() => database.close());
  return { database, world: createApprovalWorld(database.db) };
}
