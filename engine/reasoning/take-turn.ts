import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { insertContent } from '../../db/repositories/contents.repository.ts';
import { findModelMessage, insertMessage, listMessages, type MessageRow } from '../../db/repositories/messages.repository.ts';
import { addRunTotals, findRunWithAgent, lockRun, type RunWithAgent, updateRunPhase, updateRunStarted } from '../../db/repositories/runs.repository.ts';
import { insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { insertToolCalls, listToolCallsWithOutputs } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import { fitContext } from '../context/index.ts';
import { contextWindowOf, costMicroUsd, type LanguageModels } from '../llm/index.ts';
import type { ModelRequest, ModelResponse } from '../llm/language-model.ts';
import type { Memory } from '../memory/index.ts';
import type { ToolRegistry } from '../tools/index.ts';
import { type ToolCallWithOutput, toConversation } from './conversation.ts';
import { fingerprintOf, type Interpretation, interpretAnswer } from './interpret-answer.ts';
import { lastTurnNote, toGoalMessage, toSystemPrompt } from './prompts.ts';

export interface TurnDeps {
  db: Kysely<Database>;
  models: LanguageModels;
  tools: ToolRegistry;
  memory: Memory;
}

export interface TurnOptions {
  runId: string;
  iteration: number;
  /** The limit of iterations is met: the model may only answer. */
  isLastTurn: boolean;
  /** From 1; shown in the trace. */
  attempt: number;
  signal: AbortSignal;
}

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

const memoriesPerRun = 5;
/** Share of the model's window the conversation may fill; the rest is for the answer and for the error of the estimate. */
const windowShare = 0.7;

const runsOn = (toolName: string): CallToHandle['runsOn'] => (toolName === 'execute_python' ? 'sandbox' : 'tools');

/** The turn as it was recorded, for an attempt that comes after one whose answer never reached Temporal. */
async function toRecordedTurn({ db }: TurnDeps, message: MessageRow, runId: string): Promise<TurnResult> {
  const step = await db.selectFrom('steps').select(['input_tokens', 'output_tokens', 'cost_micro_usd']).where('message_id', '=', message.id).executeTakeFirst();
  const totals = { tokens: (step?.input_tokens ?? 0) + (step?.output_tokens ?? 0), costMicroUsd: step?.cost_micro_usd ?? null };
  const calls = (await listToolCallsWithOutputs(db, runId)).filter((call) => call.iteration === message.iteration);
  const usable = calls.filter((call) => call.state !== 'invalid').map((call) => ({ toolCallId: call.id, toolName: call.tool_name, runsOn: runsOn(call.tool_name) }));
  if (message.finish_reason === 'refusal' || message.finish_reason === 'content_filter') return { ...totals, outcome: 'failed', code: 'LLM_REFUSED', message: message.text };
  if (usable.length > 0) return { ...totals, outcome: 'acts', calls: usable };
  const isMistake = calls.length > 0 || message.finish_reason === 'max_tokens' || message.text.trim() === '';
  return isMistake ? { ...totals, outcome: 'mistake', mistake: calls[0]?.error?.message ?? 'an unusable answer', calls: [] } : { ...totals, outcome: 'final' };
}

/** Opens the turn in the records; on the first turn the goal and what the agent remembers become the first message. */
async function openTurn({ db, memory }: TurnDeps, loaded: RunWithAgent, { runId, iteration, attempt }: TurnOptions): Promise<void> {
  const isFirst = (await listMessages(db, runId)).length === 0 || !(await db.selectFrom('messages').select('id').where('run_id', '=', runId).where('source', '=', 'system').limit(1).executeTakeFirst());
  const recalled = isFirst ? await memory.recall({ agentId: loaded.run.agent_id, query: loaded.run.goal, limit: memoriesPerRun, excludeRunId: runId }).catch(() => []) : [];
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    if (isFirst) {
      await updateRunStarted(trx, runId);
      if (run.phase === 'queued') await updateRunPhase(trx, run, 'running');
      await insertMessage(trx, { id: newId(), runId, iteration, source: 'system', text: toGoalMessage(run.inputs, recalled.map((entry) => entry.text)) });
    }
    if (attempt === 1) await insertStep(trx, { id: newId(), runId, iteration, kind: 'reasoning', status: 'running' });
    else await updateStep(trx, { runId, iteration, kind: 'reasoning' }, { status: 'running', attempt });
  });
}

function toRequest(loaded: RunWithAgent, { tools }: TurnDeps, messages: readonly MessageRow[], calls: readonly ToolCallWithOutput[], isLastTurn: boolean) {
  const { definition, agentName } = loaded;
  const system = toSystemPrompt(agentName, definition);
  const modelTools = tools.toModelTools(definition.tools);
  const window = contextWindowOf(definition.llm_provider, definition.llm_model);
  const conversation = toConversation(messages, calls);
  const fitted = fitContext({ system, tools: modelTools, messages: isLastTurn ? [...conversation, { role: 'user', content: lastTurnNote }] : conversation, budgetTokens: Math.floor(window * windowShare) });
  const request: ModelRequest = {
    model: definition.llm_model, system, messages: fitted.messages, tools: modelTools,
    maxOutputTokens: definition.max_output_tokens ?? undefined, temperature: definition.temperature ?? undefined,
  };
  return { request, manifest: { model: request.model, system, tools: definition.tools, messages: fitted.messages.length, dropped_turns: fitted.droppedTurns, estimated_tokens: fitted.keptTokens } };
}

const toCallsToHandle = (interpretation: Interpretation): CallToHandle[] =>
  'calls' in interpretation ? interpretation.calls.filter((call) => call.state === 'proposed').map((call) => ({ toolCallId: call.id, toolName: call.toolName, runsOn: runsOn(call.toolName) })) : [];

/** Writes the answer, its calls, usage and cost in one transaction. */
async function recordTurn(deps: TurnDeps, loaded: RunWithAgent, options: TurnOptions, answer: { response: ModelResponse; interpretation: Interpretation; manifest: unknown; seenPosition: number }): Promise<TurnResult> {
  const { runId, iteration } = options;
  const { response, interpretation } = answer;
  const cost = costMicroUsd(loaded.definition.llm_provider, loaded.definition.llm_model, response.usage);
  const calls = 'calls' in interpretation ? interpretation.calls : [];
  const isFinal = interpretation.outcome === 'final';
  const messageId = newId();
  await deps.db.transaction().execute(async (trx) => {
    const requestRef = await insertContent(trx, answer.manifest);
    await insertMessage(trx, {
      id: messageId, runId, iteration, source: 'model', text: response.text, thought: response.thought ?? null,
      providerState: response.providerState, finishReason: response.finishReason, requestRef, seenPosition: answer.seenPosition,
    });
    await insertToolCalls(trx, calls);
    if (interpretation.outcome === 'mistake' && interpretation.note !== null) await insertMessage(trx, { id: newId(), runId, iteration, source: 'system', text: interpretation.note });
    const acting = isFinal ? Math.max(1, iteration - 1) : iteration;
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, {
      status: interpretation.outcome === 'failed' || interpretation.outcome === 'mistake' ? 'failed' : 'completed',
      ...(isFinal ? { kind: 'finish' as const, iteration: acting } : {}),
      summary: response.thought ?? (response.text === '' ? calls.map((call) => call.toolName).join(', ') : response.text),
      messageId, llmModel: response.model, usage: response.usage, rawUsage: response.rawUsage, costMicroUsd: cost ?? null, finishedAt: new Date(),
      error: interpretation.outcome === 'mistake' ? { code: 'MODEL_MISTAKES', message: interpretation.mistake } : interpretation.outcome === 'failed' ? { code: interpretation.code, message: interpretation.message } : null,
    });
    for (const call of calls.filter((candidate) => candidate.error !== null)) {
      await insertStep(trx, { id: newId(), runId, iteration, kind: 'tool', status: 'failed', summary: call.error?.message ?? null, toolName: call.toolName, toolCallId: call.id, finishedAt: new Date() });
    }
    await addRunTotals(trx, runId, acting, { ...response.usage, costMicroUsd: cost });
  });
  const totals = { tokens: (response.usage.inputTokens ?? 0) + (response.usage.outputTokens ?? 0), costMicroUsd: cost ?? null };
  switch (interpretation.outcome) {
    case 'final': return { ...totals, outcome: 'final' };
    case 'failed': return { ...totals, outcome: 'failed', code: interpretation.code, message: interpretation.message };
    case 'mistake': return { ...totals, outcome: 'mistake', mistake: interpretation.mistake, calls: [] };
    case 'acts': return { ...totals, outcome: 'acts', calls: toCallsToHandle(interpretation) };
  }
}

/**
 * One turn: builds the context from the records, asks the model, records what it said. Idempotent: a turn that was recorded is
 * not asked again. Throws the LLM_* codes of the provider, LLM_NOT_CONFIGURED and RUN_NOT_FOUND.
 */
export async function takeTurn(deps: TurnDeps, options: TurnOptions): Promise<TurnResult> {
  const { db, models, tools } = deps;
  const { runId, iteration } = options;
  const loaded = await findRunWithAgent(db, runId);
  if (loaded === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const recorded = await findModelMessage(db, runId, iteration);
  if (recorded !== undefined) return toRecordedTurn(deps, recorded, runId);
  await openTurn(deps, loaded, options);

  const messages = await listMessages(db, runId);
  const calls = await listToolCallsWithOutputs(db, runId);
  const { request, manifest } = toRequest(loaded, deps, messages, calls, options.isLastTurn);
  const response = await models.get(loaded.definition.llm_provider).generate(request, { signal: options.signal });
  const turns = Map.groupBy(calls, (call) => call.iteration);
  const interpretation = interpretAnswer(response, {
    runId, iteration, tools, allowed: loaded.definition.tools,
    usedCallIds: new Set(calls.map((call) => call.provider_call_id)),
    earlierFingerprints: [...turns.values()].map((turn) => fingerprintOf(turn.map((call) => ({ toolName: call.tool_name, argumentsHash: call.arguments_hash })))),
  });
  return recordTurn(deps, loaded, options, { response, interpretation, manifest, seenPosition: messages.at(-1)?.position ?? 0 });
}

/** Shows in the trace that an attempt at a turn failed, and whether it was the last. */
export async function recordTurnFailure({ db }: Pick<TurnDeps, 'db'>, { runId, iteration, attempt, isLast, error }: { runId: string; iteration: number; attempt: number; isLast: boolean; error: AppError }): Promise<void> {
  await db.transaction().execute((trx) =>
    updateStep(trx, { runId, iteration, kind: 'reasoning' }, {
      status: isLast ? 'failed' : 'running', attempt, summary: `attempt ${attempt} failed: ${error.message}`,
      error: { code: error.code, message: error.message }, ...(isLast ? { finishedAt: new Date() } : {}),
    }),
  );
}
