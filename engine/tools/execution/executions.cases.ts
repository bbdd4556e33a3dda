// Shared by the tests of the execution: calls of one run, tools that do what a script says, and attempts at them.
import { afterAll, beforeAll, expect } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { ToolEffect } from '../../../contracts/tools.ts';
import { findToolCall, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { addRun, recordCall } from '../../../tests/support/run-records.ts';
import { catalogueOf, noSecrets } from '../../../tests/support/tools.ts';
import type { Json, Tool, ToolCallContext, ToolOutcome, ToolVerification } from '../tool.ts';
import { executeToolCall, type ExecuteOptions, type ExecutionResult } from './execute-tool-call.ts';

export let database: TestDatabase;
export let runId: string;

/** Gives the tests of a file a database with one run. */
export function useOneRun(): void {
  beforeAll(async () => {
    database = await createTestDatabase();
    runId = await addRun(database.db);
  });
  afterAll(() => database.close());
}

interface Script {
  effect?: ToolEffect;
  timeoutMs?: number;
  execute: (args: unknown, context: ToolCallContext) => Promise<ToolOutcome>;
  verify?: (args: unknown, context: ToolCallContext) => Promise<ToolVerification>;
  confirmsClaim?: true;
}

/** A tool that does what the script says, under a name the contracts know. */
export const toolOf = ({ effect = 'none', timeoutMs = 30_000, execute, verify, confirmsClaim }: Script): Tool => ({
  name: 'send_email', description: 'scripted', argumentsSchema: z.looseObject({}), defaultRisk: 'LOW', risk: () => 'LOW', defaultEffect: effect, effect: () => effect,
  missingConfiguration: null, timeoutMs, facts: () => ({}), effectSentence: () => 'Do it', execute, ...(verify === undefined ? {} : { verify }),
  ...(confirmsClaim === undefined ? {} : { confirmsClaim }),
});

export const propose = ({ arguments: args = { n: 1 }, ...given }: { iteration?: number; state?: Parameters<typeof recordCall>[1]['state']; effect?: ToolEffect; arguments?: Record<string, Json> } = {}): Promise<string> =>
  recordCall(database.db, { runId, toolName: 'send_email', arguments: args, ...given });

export const run = (toolCallId: string, tool: Tool, options: Partial<ExecuteOptions> = {}): Promise<ExecutionResult> =>
  executeToolCall({ db: database.db, tools: catalogueOf([tool]), secrets: noSecrets, judgeAgain: async () => 'stands' }, { toolCallId, attempt: 1, maxAttempts: 5, signal: new AbortController().signal, ...options });
export const rowOf = async (id: string) => (await findToolCall(database.db, id)) ?? expect.unreachable();
export const stepOf = (id: string) => database.db.selectFrom('steps').selectAll().where('tool_call_id', '=', id).where('kind', '=', 'tool').executeTakeFirst();
export const outcome: ToolOutcome = { output: { ok: true }, summary: 'done' };
export const happened = async (): Promise<ToolOutcome> => outcome;
/** An attempt whose worker dies while the tool acts: the claim stays, no outcome is written. */
export const crash = async (id: string, effect: ToolEffect): Promise<void> => {
  const reason = new Error('worker is gone');
  const controller = new AbortController();
  const tool = toolOf({ effect, execute: async () => { controller.abort(reason); throw new AppError('TOOL_FAILED', 'cut off'); } });
  if (effect === 'external') return expect(run(id, tool, { signal: controller.signal })).rejects.toBe(reason);
  // What `none` and `idempotent` leave behind when nothing could be written any more.
  await updateToolCall(database.db, id, { state: 'executing', attempts: 1, claimedAt: new Date() });
};
