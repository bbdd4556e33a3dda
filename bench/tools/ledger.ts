import { updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { createToolRegistry, executeToolCall } from '../../engine/tools/index.ts';
import type { Tool, ToolOutcome } from '../../engine/tools/tool.ts';
import { createTestDatabase } from '../../tests/support/database.ts';
import { addRun, recordTurn } from '../../tests/support/run-records.ts';
import { callContext, idleTool, noSecrets } from '../../tests/support/tools.ts';
import { percentile } from '../figures.ts';

const outcome: ToolOutcome = { output: { rows: Array.from({ length: 100 }, (_, n) => ({ n, text: 'some text' })) }, summary: '100 rows' };
const confirming: Tool = { ...idleTool('lookup'), defaultEffect: 'external', effect: () => 'external', confirmsClaim: true, execute: async (_args, { confirmClaim }) => { await confirmClaim(); return outcome; } };

/** Milliseconds, p50, of a call that does nothing: alone, and claimed, confirmed and recorded as an external effect, without and with a limit on its tool. */
export async function measureLedger(rounds: number): Promise<{ bareMs: number; recordedMs: number; limitedMs: number; database: string }> {
  const database = await createTestDatabase();
  const runId = await addRun(database.db);
  const times = { bare: [] as number[], recorded: [] as number[], limited: [] as number[] };
  const registries = { recorded: createToolRegistry([confirming]), limited: createToolRegistry([confirming], new Map([['lookup', { maxConcurrent: 10, callsPerMinute: 100_000 }]])) };
  for (let round = 0; round < rounds; round++) {
    const startedAt = performance.now();
    await confirming.execute({}, callContext());
    times.bare.push(performance.now() - startedAt);
    for (const kind of ['recorded', 'limited'] as const) {
      const [toolCallId = ''] = await recordTurn(database.db, { runId, iteration: 2 * round + (kind === 'recorded' ? 1 : 2), thought: '', calls: [{ toolName: 'lookup', arguments: {} }] });
      await updateToolCall(database.db, toolCallId, { state: 'allowed', effect: 'external' });
      const from = performance.now();
      await executeToolCall({ db: database.db, tools: { current: () => Promise.resolve(registries[kind]) }, secrets: noSecrets, judgeAgain: async () => 'stands' }, { toolCallId, attempt: 1, maxAttempts: 5, signal: new AbortController().signal });
      times[kind].push(performance.now() - from);
    }
  }
  await database.close();
  return { bareMs: percentile(times.bare, 50), recordedMs: percentile(times.recorded, 50), limitedMs: percentile(times.limited, 50), database: database.kind };
}
