import type { ModelTarget } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import { isTerminal } from '../../contracts/runs.ts';
import { hasSystemMessage, insertMessage, listMessages, type MessageRow } from '../../db/repositories/messages.repository.ts';
import { abandonModelCalls, listModelCalls, type ModelCallRow } from '../../db/repositories/model-calls.repository.ts';
import { findRunWithAgent, lockRun, type RunWithAgent, updateRunPhase, updateRunStarted } from '../../db/repositories/runs.repository.ts';
import { findReasoningStep, insertStep, updateStep } from '../../db/repositories/steps.repository.ts';
import { listToolCallsWithOutputs } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import type { ToolRegistry } from '../tools/index.ts';
import type { ToolCallWithOutput } from './conversation.ts';
import { keyOfCall, toChain } from './progress.ts';
import { toGoalMessage } from './prompts.ts';
import type { TurnDeps, TurnOptions } from './turn-deps.ts';

/** A turn under way: what the records say of it, and what its attempts add while it lasts. */
export interface Turn extends RunWithAgent, TurnOptions {
  stepId: string;
  /** The step was there before: an earlier attempt of the activity had opened it. */
  isReopened: boolean;
  messages: readonly MessageRow[];
  toolCalls: readonly ToolCallWithOutput[];
  /** The same for what is offered and for how the answer is read. */
  tools: ToolRegistry;
  /** The agent's models in the order they are tried. */
  chain: readonly [ModelTarget, ...ModelTarget[]];
  /** Attempts at this turn, oldest first. */
  calls: ModelCallRow[];
  /** Which model gave the answer of each turn before, as {@link keyOfCall} names it. */
  answeredBy: ReadonlyMap<number, string>;
}

const memoriesPerRun = 5;

/**
 * Opens the turn in the records; on the first turn the goal and what the agent remembers become the first message. Safe to repeat and
 * to run twice at once: a worker that was thought dead may still be here. Throws RUN_NOT_FOUND and RUN_ENDED.
 */
async function openTurn({ db, memory }: TurnDeps, turn: Turn, isFirst: boolean): Promise<void> {
  const { runId, iteration, signal, calls } = turn;
  // A memory that cannot be reached makes the agent forgetful, not helpless.
  const recalled = isFirst ? await memory.recall({ agentId: turn.run.agent_id, query: turn.run.goal, limit: memoriesPerRun, excludeRunId: runId }).catch(() => []) : [];
  signal.throwIfAborted();
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
    if (isTerminal(run.phase)) throw new AppError('RUN_ENDED', `run ${runId} is ${run.phase}`);
    if (isFirst && !(await hasSystemMessage(trx, runId))) {
      await updateRunStarted(trx, runId);
      if (run.phase === 'queued') await updateRunPhase(trx, run, 'running');
      await insertMessage(trx, {
        id: newId(), runId, iteration, source: 'system', text: toGoalMessage(run.inputs, recalled.map((entry) => entry.text)), recalled: recalled.map(({ text, cameFrom }) => ({ text, came_from: cameFrom })),
      });
    }
    if (calls.some((call) => call.status === 'running')) await abandonModelCalls(trx, runId, iteration);
    // It stands there already when a worker died, or when the turn waited: it goes on now.
    await insertStep(trx, { id: turn.stepId, runId, iteration, kind: 'reasoning', status: 'running' });
    if (turn.isReopened) await updateStep(trx, { runId, iteration, kind: 'reasoning' }, { status: 'running', waiting: null, finishedAt: null, ...(calls.length === 0 ? {} : { attempt: calls.length + 1 }) });
  });
  for (const call of calls) if (call.status === 'running') call.status = 'abandoned';
}

/** The tools as they are set up now. One the agent was given and that is not there may have been switched on just now: then a second look is a new one. */
async function findTools({ tools }: TurnDeps, given: readonly string[]): Promise<ToolRegistry> {
  const registry = await tools.current();
  return given.every((name) => registry.refusalOf(name) === undefined) ? registry : tools.current({ maxAgeMs: 0 });
}

/**
 * Reads what a turn is about and opens it; or, when it was recorded already, the message it came to. Throws RUN_NOT_FOUND and RUN_ENDED.
 */
export async function loadTurn(deps: TurnDeps, options: TurnOptions): Promise<{ recorded: MessageRow } | { turn: Turn }> {
  const { db } = deps;
  const { runId, iteration } = options;
  const [loaded, said, toolCalls, allCalls, step] = await Promise.all([
    findRunWithAgent(db, runId), listMessages(db, runId), listToolCallsWithOutputs(db, runId), listModelCalls(db, runId), findReasoningStep(db, runId, iteration),
  ]);
  if (loaded === undefined) throw new AppError('RUN_NOT_FOUND', `run ${runId}`);
  const recorded = said.find((message) => message.source === 'model' && message.iteration === iteration);
  if (recorded !== undefined) return { recorded };
  const tools = await findTools(deps, loaded.definition.tools);
  const isFirst = !said.some((message) => message.source === 'system');
  const turn: Turn = {
    ...loaded, ...options, messages: said, toolCalls, tools,
    stepId: step?.id ?? newId(),
    isReopened: step !== undefined,
    chain: toChain(loaded.definition),
    calls: allCalls.filter((call) => call.iteration === iteration),
    answeredBy: new Map(allCalls.filter((call) => call.status === 'succeeded').map((call) => [call.iteration, keyOfCall(call)])),
  };
  await openTurn(deps, turn, isFirst);
  return { turn: isFirst ? { ...turn, messages: await listMessages(db, runId) } : turn };
}
