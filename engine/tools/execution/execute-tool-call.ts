import type { Kysely } from 'kysely';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { findContent, insertContent } from '../../../db/repositories/contents.repository.ts';
import { insertStep, updateStep } from '../../../db/repositories/steps.repository.ts';
import { findToolCall, lockToolCall, type ToolCallRow, updateToolCall } from '../../../db/repositories/tool-calls.repository.ts';
import type { ToolCallState } from '../../../db/tables/runs.table.ts';
import { newId } from '../../../platform/ids.ts';
import type { ToolRegistry } from '../registry.ts';
import type { Json, Tool, ToolCallContext, ToolOutcome } from '../tool.ts';

export interface ExecutionDeps {
  db: Kysely<Database>;
  tools: ToolRegistry;
}

export interface ExecuteOptions {
  toolCallId: string;
  /** From 1: the attempt of this execution. */
  attempt: number;
  /** Attempts in all; the last one records a failure instead of asking for another. */
  maxAttempts: number;
  /** Aborts when the run is cancelled or the worker has to stop. */
  signal: AbortSignal;
}

/** How a call stands after an execution. */
export type ExecutionResult = { state: Extract<ToolCallState, 'succeeded' | 'failed' | 'outcome_unknown' | 'rejected' | 'denied' | 'cancelled'> };

const ended = ['succeeded', 'failed', 'rejected', 'denied', 'cancelled'] as const;
const isEnded = (state: ToolCallState): state is (typeof ended)[number] => (ended as readonly string[]).includes(state);

type Claim = { kind: 'ended'; state: ExecutionResult['state'] } | { kind: 'mine'; call: ToolCallRow; isRepeated: boolean };

/** Takes the call for this attempt. `isRepeated`: an earlier attempt claimed it and left no outcome. */
async function claim({ db }: ExecutionDeps, { toolCallId, attempt }: ExecuteOptions): Promise<Claim> {
  return db.transaction().execute(async (trx): Promise<Claim> => {
    const call = await lockToolCall(trx, toolCallId);
    if (call === undefined) throw new AppError('INTERNAL', `tool call ${toolCallId} is not recorded`);
    if (isEnded(call.state)) return { kind: 'ended', state: call.state };
    if (call.state !== 'allowed' && call.state !== 'executing') throw new AppError('INTERNAL', `tool call ${toolCallId} is ${call.state}, not allowed to run`);
    const now = new Date();
    await updateToolCall(trx, toolCallId, { state: 'executing', attempts: call.attempts + 1, claimedAt: call.claimed_at ?? now, ...(call.started_at === null ? { startedAt: now } : {}) });
    await insertStep(trx, { id: newId(), runId: call.run_id, iteration: call.iteration, kind: 'tool', status: 'running', toolName: call.tool_name, toolCallId });
    if (attempt > 1) await updateStep(trx, { toolCallId, kind: 'tool' }, { status: 'running', attempt }, call.tool_name);
    return { kind: 'mine', call, isRepeated: call.state === 'executing' };
  });
}

/** Writes an outcome; a call that was ended meanwhile (the run was cancelled) keeps its end. */
async function settle({ db }: ExecutionDeps, call: ToolCallRow, state: ExecutionResult['state'], result: { outcome?: ToolOutcome; error?: { code: string; message: string } }): Promise<ExecutionResult> {
  return db.transaction().execute(async (trx) => {
    const current = await lockToolCall(trx, call.id);
    if (current !== undefined && isEnded(current.state)) return { state: current.state };
    const outputRef = result.outcome === undefined ? null : await insertContent(trx, result.outcome.output);
    const summary = result.outcome?.summary ?? result.error?.message ?? null;
    await updateToolCall(trx, call.id, { state, outputRef, summary, error: result.error ?? null, finishedAt: new Date() });
    await updateStep(trx, { toolCallId: call.id, kind: 'tool' }, {
      status: state === 'succeeded' ? 'completed' : state === 'outcome_unknown' ? 'waiting' : state === 'cancelled' ? 'cancelled' : 'failed',
      summary, error: result.error ?? null, finishedAt: state === 'outcome_unknown' ? null : new Date(),
    }, call.tool_name);
    return { state };
  });
}

/** Gives the claim back so that another attempt starts afresh: nothing has happened. */
async function release({ db }: ExecutionDeps, call: ToolCallRow): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const current = await lockToolCall(trx, call.id);
    if (current?.state === 'executing') await updateToolCall(trx, call.id, { state: 'allowed', claimedAt: null });
  });
}

async function readResult({ db }: ExecutionDeps, runId: string, providerCallId: string): Promise<Json> {
  const row = await db.selectFrom('tool_calls').select('output_ref').where('run_id', '=', runId).where('provider_call_id', '=', providerCallId).where('state', '=', 'succeeded').executeTakeFirst();
  const output = row?.output_ref == null ? undefined : await findContent(db, row.output_ref);
  if (output === undefined) throw new AppError('TOOL_INPUT_INVALID', `This run has no result of a tool call "${providerCallId.slice(0, 100)}".`);
  return output as Json;
}

/** What an earlier attempt of an external effect came to, where the tool can find out. */
async function verifyEarlier(deps: ExecutionDeps, tool: Tool, args: unknown, call: ToolCallRow, context: ToolCallContext): Promise<ExecutionResult | 'not_happened'> {
  const verification = tool.verify === undefined ? { state: 'unknown' as const } : await tool.verify(args, context).catch(() => ({ state: 'unknown' as const }));
  if (verification.state === 'not_happened') return 'not_happened';
  if (verification.state === 'happened') return settle(deps, call, 'succeeded', { outcome: verification.outcome });
  return settle(deps, call, 'outcome_unknown', { error: { code: 'TOOL_FAILED', message: 'The worker stopped while this was under way; nobody knows whether it happened.' } });
}

const toError = (error: unknown): AppError =>
  error instanceof AppError ? error : new AppError('TOOL_FAILED', error instanceof Error ? error.message : String(error), { cause: error });

/**
 * Executes an allowed call at most once as far as the world can see, and records its outcome. The row is claimed before the tool
 * acts. A later attempt that finds a claim without an outcome repeats `none` and `idempotent` effects under the same key; an
 * `external` one is verified first and, when nobody can tell, parked as `outcome_unknown` for a person.
 * A tool's failure is an outcome the model reads, not an error; only what another attempt may mend is thrown (TOOL_UNAVAILABLE).
 */
export async function executeToolCall(deps: ExecutionDeps, options: ExecuteOptions): Promise<ExecutionResult> {
  const claimed = await claim(deps, options);
  if (claimed.kind === 'ended') return { state: claimed.state };
  const { call } = claimed;
  const tool = deps.tools.get(call.tool_name);
  const parsed = deps.tools.parseArguments(call.tool_name, call.edited_arguments ?? call.arguments);
  if (!parsed.ok) return settle(deps, call, 'failed', { error: { code: 'TOOL_INPUT_INVALID', message: parsed.message } });
  const timeout = AbortSignal.timeout(tool.timeoutMs);
  const context: ToolCallContext = {
    runId: call.run_id,
    toolCallId: call.id,
    idempotencyKey: call.idempotency_key,
    signal: AbortSignal.any([options.signal, timeout]),
    readResult: (providerCallId) => readResult(deps, call.run_id, providerCallId),
  };
  const isExternal = tool.effect(parsed.args) === 'external';
  if (claimed.isRepeated && isExternal) {
    const earlier = await verifyEarlier(deps, tool, parsed.args, call, context);
    if (earlier !== 'not_happened') return earlier;
  }
  try {
    return await settle(deps, call, 'succeeded', { outcome: await tool.execute(parsed.args, context) });
  } catch (thrown) {
    return settleFailure(deps, call, options, { error: toError(thrown), isExternal, hasTimedOut: timeout.aborted, timeoutMs: tool.timeoutMs });
  }
}

async function settleFailure(deps: ExecutionDeps, call: ToolCallRow, options: ExecuteOptions, failure: { error: AppError; isExternal: boolean; hasTimedOut: boolean; timeoutMs: number }): Promise<ExecutionResult> {
  const { error, isExternal } = failure;
  const isKnownUnsent = error.details?.['not_sent'] === true;
  const isUncertain = isExternal && !isKnownUnsent && (error.details?.['outcome_unknown'] === true || options.signal.aborted || failure.hasTimedOut || error.code === 'TOOL_UNAVAILABLE');
  // The claim stays: whoever comes next must verify before acting.
  if (options.signal.aborted && !isUncertain) await release(deps, call);
  if (options.signal.aborted) throw error;
  if (isUncertain) return settle(deps, call, 'outcome_unknown', { error: { code: error.code, message: error.message } });
  if (error.retryable && options.attempt < options.maxAttempts) {
    await release(deps, call);
    throw error;
  }
  const code = failure.hasTimedOut && error.code !== 'TOOL_TIMEOUT' ? 'TOOL_TIMEOUT' : error.code;
  return settle(deps, call, 'failed', { error: { code, message: code === error.code ? error.message : `The tool took longer than ${failure.timeoutMs / 1000} s.` } });
}

/** One line about a call and its outcome, as the agent remembers it; undefined for calls without an outcome worth keeping. */
export async function describeOutcome({ db }: ExecutionDeps, toolCallId: string): Promise<{ call: ToolCallRow; text: string } | undefined> {
  const call = await findToolCall(db, toolCallId);
  if (call === undefined || (call.state !== 'succeeded' && call.state !== 'failed')) return undefined;
  const output = call.output_ref === null ? undefined : await findContent(db, call.output_ref);
  const args = JSON.stringify(call.edited_arguments ?? call.arguments);
  const result = call.error === null ? JSON.stringify(output ?? call.summary) : `${call.error.code}: ${call.error.message}`;
  const clip = (text: string, limit: number): string => (text.length > limit ? `${text.slice(0, limit).toWellFormed()}…` : text);
  return { call, text: `${call.tool_name} ${call.state}: ${call.summary ?? ''}\nasked: ${clip(args, 500)}\nresult: ${clip(result, 900)}` };
}
