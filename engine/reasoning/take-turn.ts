import type { Kysely } from 'kysely';
import { AppError } from '../../contracts/errors.ts';
import { isTerminal } from '../../contracts/runs.ts';
import type { Database } from '../../db/database.ts';
import { hasSystemMessage, insertMessage, listMessages, type MessageRow } from '../../db/repositories/messages.repository.ts';
import { findRunWithAgent, lockRun, type RunWithAgent, updateRunPhase, updateRunStarted } from '../../db/repositories/runs.repository.ts';
import { insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { listToolCallsWithOutputs } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import { fitContext } from '../context/index.ts';
import { contextWindowOf, type LanguageModels } from '../llm/index.ts';
import type { ModelRequest } from '../llm/language-model.ts';
import type { Memory } from '../memory/index.ts';
import type { ToolRegistry } from '../tools/index.ts';
import { type ToolCallWithOutput, toConversation } from './conversation.ts';
import { fingerprintOf, interpretAnswer } from './interpret-answer.ts';
import { lastTurnNote, toGoalMessage, toSystemPrompt } from './prompts.ts';
import { findRecordedTurn, recordTurn, type TurnResult } from './record-turn.ts';

export interface TurnDeps {
  db: Kysely<Database>;
  models: LanguageModels;
  tools: ToolRegistry;
  memory: Pick<Memory, 'recall' | 'remember'>;
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

const memoriesPerRun = 5;
/** Share of the model's window the conversation may fill; the rest is for the answer and for the error of the estimate. */
const windowShare = 0.7;
/** However long an answer may get, this share stays for the conversation. */
const smallestShare = 0.25;

/**
 * Opens the turn in the records; on the first turn the goal and what the agent remembers become the first message. Safe to repeat and
 * to run twice at once: a worker that was thought dead may still be here. Throws RUN_NOT_FOUND and RUN_ENDED.
 */
async function openTurn({ db, memory }: TurnDeps, loaded: RunWithAgent, isFirst: boolean, { runId, iteration, attempt, signal }: TurnOptions): Promise<void> {
  // A memory that cannot be reached makes the agent forgetful, not helpless.
  const recalled = isFirst ? await memory.recall({ agentId: loaded.run.agent_id, query: loaded.run.goal, limit: memoriesPerRun, excludeRunId: runId }).catch(() => []) : [];
  signal.throwIfAborted();
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    if (isTerminal(run.phase)) throw new AppError('RUN_ENDED', `run ${runId} is ${run.phase}`);
    if (isFirst && !(await hasSystemMessage(trx, runId))) {
      await updateRunStarted(trx, runId);
      if (run.phase === 'queued') await updateRunPhase(trx, run, 'running');
      await insertMessage(trx, { id: newId(), runId, iteration, source: 'system', text: toGoalMessage(run.inputs, recalled.map((entry) => entry.text)) });
    }
    await insertStep(trx, { id: newId(), runId, iteration, kind: 'reasoning', status: 'running' });
    if (attempt > 1) await updateStep(trx, { runId, iteration, kind: 'reasoning' }, { status: 'running', attempt });
  });
}

/** What the model is asked, and what is kept of it: the conversation is in the records already. */
function toRequest({ definition, agentName }: RunWithAgent, { tools }: TurnDeps, messages: readonly MessageRow[], calls: readonly ToolCallWithOutput[], isLastTurn: boolean) {
  const system = toSystemPrompt(agentName, definition);
  const modelTools = tools.toModelTools(definition.tools);
  const window = contextWindowOf(definition.llm_provider, definition.llm_model);
  const room = Math.min(window * windowShare, window - (definition.max_output_tokens ?? 0));
  const conversation = toConversation(messages, calls);
  const fitted = fitContext({
    system, tools: modelTools, budgetTokens: Math.floor(Math.max(room, window * smallestShare)),
    messages: isLastTurn ? [...conversation, { role: 'user', content: lastTurnNote }] : conversation,
  });
  const request: ModelRequest = {
    model: definition.llm_model, system, messages: fitted.messages, tools: modelTools, mustAnswer: isLastTurn, isShortened: fitted.droppedTurns > 0,
    maxOutputTokens: definition.max_output_tokens ?? undefined, temperature: definition.temperature ?? undefined,
  };
  return { request, manifest: { model: request.model, system, tools: definition.tools, messages: fitted.messages.length, dropped_turns: fitted.droppedTurns, estimated_tokens: fitted.keptTokens } };
}

/**
 * One turn: builds the context from the records, asks the model, records what it said. Idempotent: a turn that was recorded is
 * not asked again. Throws the LLM_* codes of the provider, LLM_NOT_CONFIGURED, RUN_NOT_FOUND and RUN_ENDED.
 */
export async function takeTurn(deps: TurnDeps, options: TurnOptions): Promise<TurnResult> {
  const { db, models, tools } = deps;
  const { runId, iteration } = options;
  const loaded = await findRunWithAgent(db, runId);
  if (loaded === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const said = await listMessages(db, runId);
  const recorded = said.find((message) => message.source === 'model' && message.iteration === iteration);
  if (recorded !== undefined) return findRecordedTurn(db, recorded);
  const isFirst = !said.some((message) => message.source === 'system');
  await openTurn(deps, loaded, isFirst, options);

  const messages = isFirst ? await listMessages(db, runId) : said;
  const calls = await listToolCallsWithOutputs(db, runId);
  const { request, manifest } = toRequest(loaded, deps, messages, calls, options.isLastTurn);
  const { languageModel } = await models.resolve(loaded.definition);
  const response = await languageModel.generate(request, { signal: options.signal });
  const turns = Map.groupBy(calls, (call) => call.iteration);
  const interpretation = interpretAnswer(response, {
    runId, iteration, tools, allowed: loaded.definition.tools,
    usedCallIds: new Set(calls.map((call) => call.provider_call_id)),
    earlierFingerprints: [...turns.values()].map((turn) => fingerprintOf(turn.map((call) => ({ toolName: call.tool_name, argumentsHash: call.arguments_hash })))),
  });
  return recordTurn(db, loaded, { runId, iteration, response, interpretation, manifest, seenPosition: messages.at(-1)?.position ?? 0 });
}

/** Shows in the trace that an attempt at a turn failed, and whether it was the last. The trace of an ended run is left alone. */
export async function recordTurnFailure({ db }: Pick<TurnDeps, 'db'>, { runId, iteration, attempt, isLast, error }: { runId: string; iteration: number; attempt: number; isLast: boolean; error: AppError }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined || isTerminal(run.phase)) return;
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, {
      status: isLast ? 'failed' : 'running', attempt, summary: `attempt ${attempt} failed: ${error.message}`,
      error: { code: error.code, message: error.message }, ...(isLast ? { finishedAt: new Date() } : {}),
    });
  });
}
