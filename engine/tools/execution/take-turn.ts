import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { insertStep, updateStep } from '../../../db/repositories/steps.repository.ts';
import { findToolCall, lockToolCall, type ToolCallRow, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import { endToolTurn, takeToolTurn } from '../../../db/repositories/tool-turns.repository.ts';
import { newId } from '../../../platform/ids.ts';
import type { ToolRegistry } from '../registry.ts';

/** Asking for an unfinished effect and writing the outcome take a while beyond the tool's own time. */
const holdBeyondMs = 60_000;
/** Calls that wait for the same moment do not all ask in it. */
const spreadMs = 500;

const toSentence = (toolName: string, { maxConcurrent, callsPerMinute }: { maxConcurrent: number | null; callsPerMinute: number | null }): string => {
  const limits = [...(maxConcurrent === null ? [] : [`${maxConcurrent} at once`]), ...(callsPerMinute === null ? [] : [`${callsPerMinute} a minute`])];
  return `Waits for its turn: ${toolName} is limited to ${limits.join(' and ')}.`;
};

/**
 * Takes a turn of a tool an admin limited, and returns what gives it back. Nothing is asked where there is no limit. Throws
 * TOOL_CAPACITY with `details.retry_after_ms` when the call has to wait; the trace then says so.
 */
export async function takeTurn(db: Kysely<Database>, registry: ToolRegistry, toolCallId: string): Promise<{ call: ToolCallRow | undefined; giveBack: () => Promise<void> }> {
  const call = await findToolCall(db, toolCallId);
  const nothing = { call, giveBack: async () => {} };
  if (call === undefined || (call.state !== 'allowed' && call.state !== 'executing') || !registry.has(call.tool_name)) return nothing;
  const { maxConcurrent, callsPerMinute, timeoutMs } = registry.setupOf(call.tool_name);
  if (maxConcurrent === null && callsPerMinute === null) return nothing;
  const taken = await takeToolTurn(db, { toolCallId, toolName: call.tool_name, maxConcurrent, callsPerMinute, holdMs: timeoutMs + holdBeyondMs });
  if ('turnId' in taken) return { call, giveBack: () => endToolTurn(db, taken.turnId) };
  const summary = toSentence(call.tool_name, { maxConcurrent, callsPerMinute });
  const waits = await db.transaction().execute(async (trx) => {
    const now = await lockToolCall(trx, toolCallId);
    // Another attempt may have ended it since it was read: its step says how.
    if (now?.state !== 'allowed' && now?.state !== 'executing') return false;
    await updateToolCall(trx, toolCallId, { capacityWaits: now.capacity_waits + 1 });
    await insertStep(trx, { id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'tool', status: 'waiting', toolName: call.tool_name, toolCallId, summary });
    // An attempt that failed had opened it.
    if (call.attempts > 0) await updateStep(trx, { toolCallId, kind: 'tool' }, { status: 'waiting', summary }, call.tool_name);
    return true;
  });
  if (!waits) return nothing;
  throw new AppError('TOOL_CAPACITY', summary, { details: { retry_after_ms: taken.waitMs + Math.floor(Math.random() * spreadMs) } });
}
