import { AppError } from '../../contracts/errors.ts';
import { updateModelCall } from '../../db/repositories/model-calls.repository.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { ModelResponse, ProviderLimits } from '../llm/language-model.ts';
import { boundAnswer } from './bound-answer.ts';
import type { BuiltRequest } from './build-request.ts';
import type { Turn } from './load-turn.ts';
import { storeRequestBody } from './store-request.ts';
import type { TurnDeps } from './turn-deps.ts';

/** A request as it went out, and the name its body is kept under; null: it could not be kept. */
export interface SentRequest {
  url: string;
  ref: string | null;
  bytes: number;
}

export type CallOutcome = {
  /** Resolves once all workers may know what the call taught about its connection; nobody needs to wait for it to go on. */
  taught: Promise<void>;
  firstTokenMs: number | undefined;
  sent: SentRequest | undefined;
} & Said;

type Said = { ok: true; response: ModelResponse } | { ok: false; error: AppError };

/** Codes that say the connection is ill, and those that say it is well though this request was not to its liking. */
const illness = new Set(['LLM_UNAVAILABLE', 'LLM_RESPONSE_INVALID']);
const health = new Set(['LLM_REQUEST_INVALID', 'LLM_MODEL_NOT_FOUND', 'LLM_CONTEXT_TOO_LONG', 'LLM_REFUSED']);

/** Notes for all workers what a call taught about its connection. Nothing of it decides this turn, so nothing of it fails it. */
async function teach({ capacity, circuits }: TurnDeps, { runId, iteration }: Turn, { connectionId }: ResolvedModel, built: BuiltRequest, outcome: Said, limits: ProviderLimits | undefined): Promise<void> {
  const { usage } = outcome.ok ? outcome.response : {};
  const actualTokens = usage?.inputTokens === undefined || usage.outputTokens === undefined ? undefined : usage.inputTokens + usage.outputTokens;
  const lessons: Promise<unknown>[] = [capacity.settle({ connectionId, runId, iteration, estimatedTokens: built.inputTokens + built.outputTokens, actualTokens })];
  if (limits !== undefined) lessons.push(capacity.learn(connectionId, limits));
  if (outcome.ok || health.has(outcome.error.code)) lessons.push(circuits.succeeded(connectionId));
  else if (illness.has(outcome.error.code)) lessons.push(circuits.failed(connectionId, { code: outcome.error.code, message: outcome.error.message }));
  const delay = outcome.ok ? undefined : outcome.error.details?.['retry_after_ms'];
  if (!outcome.ok && outcome.error.code === 'LLM_RATE_LIMITED' && typeof delay === 'number') lessons.push(capacity.block(connectionId, delay));
  await Promise.allSettled(lessons);
}

/**
 * One request to a model: what it says goes to the draft as it is said, what was sent is kept while the answer is under way, and the
 * connection's books are settled. A provider's failure is an outcome. When `turn.signal` aborts, the call is noted as abandoned and
 * the signal's reason is thrown; so is any error that is no provider's.
 */
export async function callModel(deps: TurnDeps, turn: Turn, { resolved, built, callId, attempt }: { resolved: ResolvedModel; built: BuiltRequest; callId: string; attempt: number }): Promise<CallOutcome> {
  const { db } = deps;
  const { signal } = turn;
  const draft = deps.drafts.open({ stepId: turn.stepId, iteration: turn.iteration, attempt });
  let storing: Promise<SentRequest> | undefined;
  let limits: ProviderLimits | undefined;
  let startedAt = performance.now();
  let firstTokenMs: number | undefined;
  const rest = async (): Promise<{ firstTokenMs: number | undefined; sent: SentRequest | undefined }> => ({ firstTokenMs, sent: await storing });
  let said: Said;
  try {
    const response = await resolved.languageModel.generate(built.request, {
      signal,
      onRequest({ url, body }) {
        startedAt = performance.now();
        const bytes = Buffer.byteLength(body);
        storing = storeRequestBody(db, body).then((ref) => ({ url, ref, bytes }), () => ({ url, ref: null, bytes }));
      },
      onDelta(delta) {
        firstTokenMs ??= performance.now() - startedAt;
        draft.write(delta);
      },
      onLimits: (told) => (limits = told),
    });
    said = { ok: true, response: boundAnswer(response) };
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) {
      await Promise.allSettled([draft.end(), rest().then(({ sent }) => updateModelCall(db, callId, { status: 'abandoned', firstTokenMs, request: sent }))]);
      signal.throwIfAborted();
      throw error;
    }
    said = { ok: false, error };
  }
  const taught = teach(deps, turn, resolved, built, said, limits);
  await draft.end();
  return { ...said, ...(await rest()), taught };
}
