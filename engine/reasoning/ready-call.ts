import { setTimeout as pause } from 'node:timers/promises';
import type { ModelTarget } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import type { StepWaitReason } from '../../contracts/runs.ts';
import { findCapacityWaitMs } from '../../db/repositories/model-calls.repository.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { ModelMessage, ModelResponse } from '../llm/language-model.ts';
import type { Failure } from './after-failure.ts';
import { type BuiltRequest, buildRequest } from './build-request.ts';
import { checkBudget } from './check-budget.ts';
import type { Turn } from './load-turn.ts';
import type { Progress } from './progress.ts';
import type { TurnDeps } from './turn-deps.ts';

/** The place a turn has in the cache while it is the one that asks. */
export interface CacheLead {
  key: string;
  leader: string;
  ttlSeconds: number;
}

export type Readiness =
  /** Everything lets the call through. */
  | { kind: 'ready'; resolved: ResolvedModel; built: BuiltRequest; lead: CacheLead | undefined }
  | { kind: 'cached'; resolved: ResolvedModel; built: BuiltRequest; answer: ModelResponse; savedMicroUsd: number | null }
  /** Nothing is wrong, but not now: the turn comes back. */
  | { kind: 'wait'; reason: StepWaitReason; error: AppError; delayMs: number }
  /** The call is not made; what follows is decided as after a failed one. */
  | { kind: 'refused'; resolved: ResolvedModel | undefined; failure: Failure };

export interface CallWish {
  target: ModelTarget;
  progress: Progress;
  saidMaxTokens: number | undefined;
  /** Models that read no more than this have been found too small. */
  tooSmallWindow: number;
  repair: readonly ModelMessage[];
  hasFallback: boolean;
  /** A dearer model was passed over for its cost. */
  mustHavePrice: boolean;
}

/** Waits below this are slept through; longer ones hold no worker. */
const shortWaitMs = 1_000;
const maxShortWaits = 5;
/** After so long in the line of one connection, another one with room is asked instead. */
const patienceMs = 10 * 60_000;
/** How long others wait for an answer that is being fetched before one of them asks as well. */
const leaseMs = 2 * 60_000;

const inSeconds = (ms: number): string => `${Math.max(1, Math.ceil(ms / 1_000))} s`;

/** Keeps asking while the wait is a short one; a longer one is the caller's to report. */
async function afterShortWaits<Asked>(ask: () => Promise<Asked>, waitOf: (asked: Asked) => number, signal: AbortSignal): Promise<Asked> {
  for (let waits = 0; ; waits++) {
    const asked = await ask();
    const waitMs = waitOf(asked);
    if (waitMs <= 0 || waitMs >= shortWaitMs || waits >= maxShortWaits) return asked;
    await pause(waitMs, undefined, { signal });
  }
}

/**
 * Whether the next call may be made, and of what model: asks, in this order, the connection, the cache, the run's limits, the
 * connection's circuit and its capacity. What is cheap to know and final comes before what has to be waited for.
 */
export async function makeReady(deps: TurnDeps, turn: Turn, wish: CallWish): Promise<Readiness> {
  const { capacity, circuits, answerCache } = deps;
  const { runId, iteration, signal, definition } = turn;
  let resolved: ResolvedModel;
  try {
    resolved = await deps.models.resolve(wish.target);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('LLM_')) throw error;
    return { kind: 'refused', resolved: undefined, failure: error };
  }
  const refuse = (failure: Failure): Readiness => ({ kind: 'refused', resolved, failure });
  if (resolved.contextWindow <= wish.tooSmallWindow) {
    return refuse({ code: 'LLM_CONTEXT_TOO_LONG', message: `${resolved.model} reads ${resolved.contextWindow} tokens at most, no more than the model before it.` });
  }
  const { compactions } = wish.progress;
  const built = buildRequest(turn, resolved, { compactions, saidMaxTokens: wish.saidMaxTokens }, wish.repair);
  if (compactions > 0 && built.inputTokens >= buildRequest(turn, resolved, { compactions: compactions - 1 }, wish.repair).inputTokens) {
    return refuse({ code: 'LLM_CONTEXT_TOO_LONG', message: `Nothing more can be left out: the instructions, the goal and the last steps are too long for ${resolved.model}.` });
  }
  const { connectionId } = resolved;

  let lead: CacheLead | undefined;
  // An answer under repair is asked for with words no other run has; the repaired one is kept under the first question.
  if (definition.cache_policy.mode === 'on' && wish.repair.length === 0) {
    lead = { key: answerCache.keyOf(connectionId, built.request), leader: `${runId}:${iteration}`, ttlSeconds: definition.cache_policy.ttl_seconds };
    const question = { ...lead, agentId: turn.run.agent_id, connectionId, model: resolved.model, leaseMs };
    const taken = await afterShortWaits(() => answerCache.take(question), (answer) => ('waitMs' in answer ? answer.waitMs : 0), signal);
    if ('answer' in taken) return { kind: 'cached', resolved, built, answer: taken.answer, savedMicroUsd: taken.costMicroUsd };
    if ('waitMs' in taken) {
      const delayMs = Math.max(shortWaitMs, taken.waitMs);
      return { kind: 'wait', reason: 'same_request', delayMs, error: new AppError('LLM_SAME_REQUEST', 'waiting for the answer another run asked for', { details: { retry_after_ms: delayMs } }) };
    }
  }
  const giveUp = async (failure: Failure): Promise<Readiness> => {
    if (lead !== undefined) await answerCache.abandon(lead);
    return refuse(failure);
  };

  const overBudget = checkBudget({ run: turn.run, resolved, inputTokens: built.inputTokens, outputTokens: built.outputTokens, mustHavePrice: wish.mustHavePrice });
  if (overBudget !== undefined) return giveUp(overBudget);

  const circuit = await circuits.check(connectionId);
  if (circuit.isOpen) return giveUp({ code: 'LLM_CIRCUIT_OPEN', message: circuit.message, details: { retry_after_ms: circuit.retryInMs } });

  const place = { connectionId, limits: resolved.limits, runId, iteration, tokens: built.inputTokens + built.outputTokens };
  const { waitMs } = await afterShortWaits(() => capacity.reserve(place), (reserved) => reserved.waitMs, signal);
  if (waitMs > 0) {
    const waited = wish.hasFallback ? ((await findCapacityWaitMs(deps.db, { runId, iteration, connectionId })) ?? 0) : 0;
    if (waited > patienceMs) {
      // The place in this line goes to who comes next.
      await capacity.settle({ connectionId, runId, iteration, estimatedTokens: place.tokens, actualTokens: 0 });
      return giveUp({ code: 'LLM_CAPACITY', message: `${resolved.connectionName} had no capacity for ${Math.round(waited / 60_000)} minutes.` });
    }
    // Whoever asks the same may find capacity elsewhere sooner; this one asks for the lead again when it comes back.
    if (lead !== undefined) await answerCache.abandon(lead);
    const delayMs = Math.max(shortWaitMs, waitMs);
    return { kind: 'wait', reason: 'capacity', delayMs, error: new AppError('LLM_CAPACITY', `waiting for capacity, about ${inSeconds(delayMs)}`, { details: { retry_after_ms: delayMs } }) };
  }
  return { kind: 'ready', resolved, built, lead };
}
