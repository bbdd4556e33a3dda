import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import { isTerminal } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { contentInsert } from '../../db/repositories/contents.repository.ts';
import { findModelMessage, insertMessage, messageInsert, type MessageRow } from '../../db/repositories/messages.repository.ts';
import { draftsDelete, type ModelCallRow, modelCallUpdate, updateModelCall } from '../../db/repositories/model-calls.repository.ts';
import { lockRun, runTotalsUpdate } from '../../db/repositories/runs.repository.ts';
import { findStepOfMessage, insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { listToolCalls, toolCallsInsert } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { ModelResponse } from '../llm/language-model.ts';
import type { SentRequest } from './call-model.ts';
import type { Interpretation } from './interpret-answer.ts';
import type { Turn } from './load-turn.ts';
import { keyOfCall, keyOfTarget } from './progress.ts';
import { toTurnSpend } from './turn-spend.ts';

export interface CallToHandle {
  toolCallId: string;
  toolName: string;
  runsOn: 'tools' | 'sandbox';
}

/** Ids and small facts of a turn, as the workflow keeps them. `tokens` counts input and output where known. */
export type TurnResult = { tokens: number; costMicroUsd: number | null } & (
  | { outcome: 'final' }
  | { outcome: 'failed'; code: string; message: string }
  | { outcome: 'mistake'; mistake: string; calls: CallToHandle[] }
  | { outcome: 'acts'; calls: CallToHandle[]; mistake?: undefined }
);

const toCallToHandle = (toolCallId: string, toolName: string): CallToHandle => ({ toolCallId, toolName, runsOn: toolName === 'execute_python' ? 'sandbox' : 'tools' });

const mistakeCode = 'MODEL_MISTAKES';

/**
 * A turn as it was recorded: the one answer the workflow gets, on the attempt that recorded it and on any that comes after one whose
 * answer never reached Temporal.
 */
export async function findRecordedTurn(db: Kysely<Database>, message: MessageRow): Promise<TurnResult> {
  const step = await findStepOfMessage(db, message.id);
  const totals = { tokens: (step?.input_tokens ?? 0) + (step?.output_tokens ?? 0), costMicroUsd: step?.cost_micro_usd ?? null };
  if (step?.error?.code === mistakeCode) return { ...totals, outcome: 'mistake', mistake: step.error.message, calls: [] };
  if (step?.error != null) return { ...totals, outcome: 'failed', ...step.error };
  const calls = (await listToolCalls(db, message.run_id)).filter((call) => call.iteration === message.iteration && call.state !== 'invalid');
  if (calls.length === 0) return { ...totals, outcome: 'final' };
  return {
    ...totals,
    outcome: 'acts',
    calls: calls.map((call) => toCallToHandle(call.id, call.tool_name)),
  };
}

const errorOf = (interpretation: Interpretation): { code: string; message: string } | null => {
  switch (interpretation.outcome) {
    case 'mistake':
      return { code: mistakeCode, message: interpretation.mistake };
    case 'failed':
      return { code: interpretation.code, message: interpretation.message };
    default:
      return null;
  }
};

/** One line for the trace: the answer itself when it is the last word, else why it acts or what it calls. */
function summaryOf({ thought, text, toolCalls }: ModelResponse, { outcome }: Interpretation): string {
  const names = toolCalls.map((call) => call.name).join(', ');
  return (outcome === 'final' ? text : (thought ?? text)) || names;
}

export interface Answer {
  call: ModelCallRow;
  resolved: ResolvedModel;
  response: ModelResponse;
  interpretation: Interpretation;
  /** Undefined for an answer from the cache. */
  sent: SentRequest | undefined;
  firstTokenMs: number | undefined;
  /** What an answer from the cache saved; undefined: it is not from there. */
  cached: { savedMicroUsd: number | null } | undefined;
  /** What was sent, in short. */
  manifest: unknown;
}

/** Nothing was asked, so nothing was used: a known zero. */
const noUsage = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };

/**
 * Writes the answer, its calls, usage and cost in one transaction. Of two attempts at once the first one counts. Throws RUN_ENDED when
 * the run ended while the model was thinking: nothing acts for it any more.
 */
export async function recordTurn(db: Kysely<Database>, turn: Turn, answer: Answer): Promise<TurnResult> {
  const { runId, iteration } = turn;
  const { call, response, interpretation, cached } = answer;
  const usage = cached === undefined ? response.usage : noUsage;
  const cost = cached === undefined ? answer.resolved.costMicroUsd(usage) : 0;
  const spend = toTurnSpend(turn.calls.filter((other) => other !== call), { usage, costMicroUsd: cost });
  const calls = 'calls' in interpretation ? interpretation.calls : [];
  const error = errorOf(interpretation);
  const ended = { usage, rawUsage: response.rawUsage, costMicroUsd: cost ?? null, firstTokenMs: answer.firstTokenMs, request: answer.sent };
  const earlier = await db.transaction().execute(async (trx): Promise<MessageRow | undefined> => {
    const run = await lockRun(trx, runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    if (isTerminal(run.phase)) throw new AppError('RUN_ENDED', `run ${runId} is ${run.phase}`);
    const recorded = await findModelMessage(trx, runId, iteration);
    if (recorded !== undefined) {
      await updateModelCall(trx, call.id, { status: 'abandoned', ...ended });
      return recorded;
    }
    const messageId = newId();
    const manifest = contentInsert(answer.manifest);
    const message = messageInsert({
      id: messageId, runId, iteration, source: 'model', text: response.text, thought: response.thought ?? null, providerState: response.providerState,
      finishReason: response.finishReason, requestRef: manifest.hash, seenPosition: turn.messages.at(-1)?.position ?? 0,
    });
    const madeCalls = calls.length === 0 ? [] : [toolCallsInsert(calls)];
    const endedCall = modelCallUpdate(call.id, { status: 'succeeded', ...(error === null || interpretation.outcome === 'mistake' ? {} : { error, action: 'end' }), ...ended });
    // The turn that only gives the answer is no iteration of its own, unless it is the only one.
    const totals = runTotalsUpdate(runId, interpretation.outcome === 'final' ? Math.max(1, iteration - 1) : iteration, { ...usage, costMicroUsd: cost });
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, {
      status: error === null ? 'completed' : 'failed', summary: summaryOf(response, interpretation), messageId, llmModel: response.model, llmConnection: answer.resolved.connectionName,
      isFallback: keyOfCall(call) !== keyOfTarget(turn.chain[0]), isCached: cached !== undefined, savedMicroUsd: cached?.savedMicroUsd ?? null, firstTokenMs: answer.firstTokenMs, attempt: call.attempt,
      waiting: null, usage: spend.usage, rawUsage: response.rawUsage, costMicroUsd: spend.costMicroUsd ?? null, finishedAt: new Date(), error,
    }, null, [manifest.insert, message, ...madeCalls, endedCall, draftsDelete(runId), totals]);
    if (interpretation.outcome === 'mistake' && interpretation.note !== null) await insertMessage(trx, { id: newId(), runId, iteration, source: 'system', text: interpretation.note });
    for (const bad of calls) {
      if (bad.error === null) continue;
      await insertStep(trx, { id: newId(), runId, iteration, kind: 'tool', status: 'failed', summary: bad.error.message, toolName: bad.toolName, toolCallId: bad.id, finishedAt: new Date() });
    }
    return undefined;
  });
  if (earlier !== undefined) return findRecordedTurn(db, earlier);
  const totals = { tokens: spend.tokens, costMicroUsd: spend.costMicroUsd ?? null };
  switch (interpretation.outcome) {
    case 'final': return { ...totals, outcome: 'final' };
    case 'failed': return { ...totals, outcome: 'failed', code: interpretation.code, message: interpretation.message };
    case 'mistake': return { ...totals, outcome: 'mistake', mistake: interpretation.mistake, calls: [] };
    case 'acts': return { ...totals, outcome: 'acts', calls: interpretation.calls.filter((made) => made.state !== 'invalid').map((made) => toCallToHandle(made.id, made.toolName)) };
  }
}
