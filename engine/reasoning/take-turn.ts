import { AppError, type ErrorCode } from '../../contracts/errors.ts';
import { isTerminal } from '../../contracts/runs.ts';
import { lockRun } from '../../db/repositories/runs.repository.ts';
import { updateStep } from '../../db/repositories/steps.repository.ts';
import type { ModelMessage, ModelResponse } from '../llm/language-model.ts';
import { decideAfterFailure, describeEnd, type Failure, maxCompactions, type NextMove } from './after-failure.ts';
import { callModel, type CallOutcome } from './call-model.ts';
import { fingerprintOf, type Interpretation, interpretAnswer } from './interpret-answer.ts';
import { loadTurn, type Turn } from './load-turn.ts';
import { readOutput } from './output-schema.ts';
import { type Progress, toProgress } from './progress.ts';
import { toRepairNote } from './prompts.ts';
import { makeReady, type CacheLead, type Readiness } from './ready-call.ts';
import { openCall, recordFailedAttempt, recordWait, toNewCall } from './record-attempt.ts';
import { type Answer, findRecordedTurn, recordTurn, type TurnResult } from './record-turn.ts';
import type { TurnDeps, TurnOptions } from './turn-deps.ts';
import { toTurnSpend } from './turn-spend.ts';

/**
 * A turn that came to no answer for now, or for good when `retryInMs` is undefined. The trace says so already; what is left is to
 * come back after the delay, without holding a worker meanwhile.
 */
export class TurnStopped extends AppError {
  readonly retryInMs: number | undefined;
  constructor(code: ErrorCode, message: string, { retryInMs, cause }: { retryInMs?: number | undefined; cause?: unknown } = {}) {
    super(code, message, { cause, ...(retryInMs === undefined ? {} : { details: { retry_after_ms: retryInMs } }) });
    this.retryInMs = retryInMs;
  }
}

/** What the attempts of one turn tell each other while this activity lasts. */
interface Memory {
  saidMaxTokens: number | undefined;
  tooSmallWindow: number;
  /** The answer that did not fit and the note about it, once there was one. */
  repair: ModelMessage[];
  /** Under what the turn's answer is kept for others who ask the same. */
  lead: CacheLead | undefined;
}

/** A worker that dies again and again in the middle of the same turn is not given it for ever. */
const maxAbandoned = 12;

/** Reads an answer; a final one also against the agent's output schema. */
function interpret(turn: Turn, response: ModelResponse): { interpretation: Interpretation; problems: string[] } {
  const { runId, iteration, tools, toolCalls, definition } = turn;
  const turns = Map.groupBy(toolCalls, (call) => call.iteration);
  const interpretation = interpretAnswer(response, {
    runId, iteration, tools, allowed: tools.namesOffered(definition.tools),
    usedCallIds: new Set(toolCalls.map((call) => call.provider_call_id)),
    earlierFingerprints: [...turns.values()].map((calls) => fingerprintOf(calls.map((call) => ({ toolName: call.tool_name, argumentsHash: call.arguments_hash })))),
  });
  if (interpretation.outcome !== 'final' || definition.output_schema === null) return { interpretation, problems: [] };
  const output = readOutput(definition.output_schema, response.text);
  return { interpretation, problems: output.ok ? [] : output.problems };
}

/** Writes a failure and what follows from it; throws TurnStopped when that is to wait or to end. A limit of the run is a result. */
async function follow(deps: TurnDeps, turn: Turn, memory: Memory, { failure, move, ...attempt }: { failure: Failure; move: NextMove; call: Turn['calls'][number]; outcome?: CallOutcome | undefined }): Promise<TurnResult | undefined> {
  const { call, outcome } = attempt;
  const isEnd = move.action === 'end';
  const error = { code: failure.code, message: isEnd ? describeEnd({ failure, totalTries: toProgress(turn.chain, turn.calls).total }) : failure.message };
  const retryAt = move.action === 'retry' ? new Date(Date.now() + move.delayMs) : null;
  await recordFailedAttempt(deps, turn, {
    call,
    change: { status: 'failed', error: { code: failure.code, message: failure.message }, action: move.action, retryAt, firstTokenMs: outcome?.firstTokenMs, request: outcome?.sent },
    step: {
      status: isEnd ? 'failed' : 'running', attempt: call.attempt, error, summary: isEnd ? error.message : `attempt ${call.attempt} failed: ${error.message}`,
      waiting: retryAt === null ? null : { reason: 'retry', until: retryAt }, ...(isEnd ? { finishedAt: new Date() } : {}),
    },
  });
  if (memory.lead !== undefined) await deps.answerCache.abandon(memory.lead).catch(() => undefined);
  memory.lead = undefined;
  if (move.action === 'fallback' || move.action === 'compact') return undefined;
  if (failure.code === 'LIMIT_COST' || failure.code === 'LIMIT_TOKENS') {
    const { tokens, costMicroUsd } = toTurnSpend(turn.calls);
    return { tokens, costMicroUsd: costMicroUsd ?? null, outcome: 'failed', ...error };
  }
  throw new TurnStopped(failure.code as ErrorCode, error.message, { cause: failure, ...(move.action === 'retry' ? { retryInMs: move.delayMs } : {}) });
}

/** Keeps an answer for others who ask the same, if it is one that says something; a mistake is nobody else's. */
async function share({ answerCache }: TurnDeps, { lead }: Memory, answer: Answer, result: TurnResult): Promise<void> {
  if (lead === undefined) return;
  const isGood = result.outcome === 'final' || result.outcome === 'acts';
  await (isGood
    ? answerCache.keep({ ...lead, answer: answer.response, costMicroUsd: answer.resolved.costMicroUsd(answer.response.usage) ?? null })
    : answerCache.abandon(lead)
  ).catch(() => undefined);
}

/** Takes an answer: records it as what the turn came to, or, once, asks for its form to be mended. */
async function accept(deps: TurnDeps, turn: Turn, memory: Memory, answer: Omit<Answer, 'interpretation'>): Promise<TurnResult | undefined> {
  const { response, call, resolved } = answer;
  const { interpretation, problems } = interpret(turn, response);
  const message = `The answer does not fit the agent's output schema: ${problems.join('; ')}.`;
  if (problems.length > 0 && memory.repair.length === 0) {
    const error = { code: 'LLM_OUTPUT_INVALID', message };
    const paid = answer.cached === undefined ? { usage: response.usage, costMicroUsd: resolved.costMicroUsd(response.usage) } : undefined;
    await recordFailedAttempt(deps, turn, {
      call, paid,
      change: { status: 'failed', error, action: 'repair', usage: response.usage, rawUsage: response.rawUsage, costMicroUsd: paid?.costMicroUsd ?? null, firstTokenMs: answer.firstTokenMs, request: answer.sent },
      step: { status: 'running', attempt: call.attempt + 1, summary: message },
    });
    memory.repair = [{ role: 'assistant', content: response.text, toolCalls: [] }, { role: 'user', content: toRepairNote(problems) }];
    return undefined;
  }
  const read: Interpretation = problems.length === 0 ? interpretation : { outcome: 'failed', code: 'LLM_OUTPUT_INVALID', message: `${message} It was asked for once more and did not fit again.` };
  const result = await recordTurn(deps.db, turn, { ...answer, interpretation: read });
  await share(deps, memory, { ...answer, interpretation: read }, result);
  return result;
}

/** One attempt: asks whether the call may be made, makes it, and takes what comes. Undefined: another attempt follows at once. */
async function attemptTurn(deps: TurnDeps, turn: Turn, memory: Memory, progress: Progress): Promise<TurnResult | undefined> {
  const target = turn.chain[progress.index] ?? turn.chain[0];
  const hasFallback = progress.index < turn.chain.length - 1;
  const mustHavePrice = turn.calls.some((call) => call.error?.code === 'LIMIT_COST');
  const ready: Readiness = await makeReady(deps, turn, { target, progress, hasFallback, mustHavePrice, saidMaxTokens: memory.saidMaxTokens, tooSmallWindow: memory.tooSmallWindow, repair: memory.repair });
  if (ready.kind === 'wait') {
    await recordWait(deps, turn, { reason: ready.reason, delayMs: ready.delayMs, summary: ready.error.message });
    throw new TurnStopped(ready.error.code, ready.error.message, { retryInMs: ready.delayMs });
  }
  if (ready.kind === 'cached') {
    const call = await openCall(deps, turn, toNewCall(turn, target, ready.resolved, { isCached: true, droppedTurns: ready.built.droppedTurns }));
    return accept(deps, turn, memory, { call, resolved: ready.resolved, response: ready.answer, sent: undefined, firstTokenMs: undefined, cached: { savedMicroUsd: ready.savedMicroUsd }, manifest: ready.built.manifest });
  }
  const call = await openCall(deps, turn, toNewCall(turn, target, ready.resolved, ready.kind === 'ready' ? { droppedTurns: ready.built.droppedTurns } : {}));
  let failure: Failure;
  let outcome: CallOutcome | undefined;
  if (ready.kind === 'refused') failure = ready.failure;
  else {
    if (ready.lead !== undefined) memory.lead = ready.lead;
    outcome = await callModel(deps, turn, { resolved: ready.resolved, built: ready.built, callId: call.id, attempt: call.attempt });
    if (outcome.ok) {
      const { response, sent, firstTokenMs, taught } = outcome;
      const [result] = await Promise.all([accept(deps, turn, memory, { call, resolved: ready.resolved, response, sent, firstTokenMs, cached: undefined, manifest: ready.built.manifest }), taught]);
      return result;
    }
    await outcome.taught;
    failure = outcome.error;
  }
  const move = decideAfterFailure({
    failure, hasFallback, triesOnTarget: progress.tries + 1, totalTries: progress.total + 1, refusals: progress.refusals + 1,
    // What was refused before it was sent is not made shorter: the window is the model's own.
    compactions: ready.kind === 'refused' ? maxCompactions : progress.compactions,
  });
  if (failure.code === 'LLM_CONTEXT_TOO_LONG') {
    const said = failure.details?.['max_tokens'];
    memory.saidMaxTokens = typeof said === 'number' && move.action === 'compact' ? said : undefined;
    if (move.action === 'fallback') memory.tooSmallWindow = Math.max(memory.tooSmallWindow, ready.resolved?.contextWindow ?? 0);
  }
  return follow(deps, turn, memory, { failure, move, call, outcome });
}

/**
 * One turn: builds the context from the records, asks the agent's models in their order, records what was said. Idempotent: a turn
 * that was recorded is not asked again. Throws TurnStopped when it must wait or has ended without an answer; also RUN_NOT_FOUND and RUN_ENDED.
 */
export async function takeTurn(deps: TurnDeps, options: TurnOptions): Promise<TurnResult> {
  const loaded = await loadTurn(deps, options);
  if ('recorded' in loaded) return findRecordedTurn(deps.db, loaded.recorded);
  const { turn } = loaded;
  if (turn.calls.filter((call) => call.status === 'abandoned').length >= maxAbandoned) {
    const error = new TurnStopped('INTERNAL', `The worker ended ${maxAbandoned} times in the middle of this turn.`);
    await recordTurnFailure(deps, { ...turn, isLast: true, error });
    throw error;
  }
  const memory: Memory = { saidMaxTokens: undefined, tooSmallWindow: 0, repair: [], lead: undefined };
  try {
    for (;;) {
      const result = await attemptTurn(deps, turn, memory, toProgress(turn.chain, turn.calls));
      if (result !== undefined) return result;
    }
  } catch (error) {
    // Whoever waits for this turn's answer asks instead.
    if (memory.lead !== undefined) await deps.answerCache.abandon(memory.lead).catch(() => undefined);
    throw error;
  }
}

/** Shows in the trace that a turn failed by no fault of a provider, and whether for good. The trace of an ended run is left alone. */
export async function recordTurnFailure({ db }: Pick<TurnDeps, 'db'>, { runId, iteration, isLast, error }: { runId: string; iteration: number; isLast: boolean; error: AppError }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, runId);
    if (run === undefined || isTerminal(run.phase)) return;
    await updateStep(trx, { runId, iteration, kind: 'reasoning' }, {
      status: isLast ? 'failed' : 'running', summary: `failed: ${error.message}`, error: { code: error.code, message: error.message }, ...(isLast ? { finishedAt: new Date() } : {}),
    });
  });
}
