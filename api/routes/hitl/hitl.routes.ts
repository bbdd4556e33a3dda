import { Router } from 'express';
import { decideInBulk, extendApproval, settleApproval, type Settlement } from '../../../engine/hitl/index.ts';
import { countApprovals, getApproval, listApprovals } from '../../../engine/traces/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';
import type { RequestActor } from '../../auth/index.ts';

/** What a decision names of what the decider saw. */
const seenOf = (body: { version?: number | undefined; arguments_hash?: string | undefined }) => ({ version: body.version, argumentsHash: body.arguments_hash });

/**
 * Tells a run that its request was decided or changed. The row says so already, so a signal that cannot be sent is no reason to tell
 * anybody it failed: the sweeper sends it again.
 */
async function wake(deps: AppDeps, { runId, requestId }: { runId: string; requestId: string }, httpRequestId: string | undefined): Promise<void> {
  await deps.agentRuns.signalApproval(runId, { requestId }).catch((error: unknown) => {
    deps.logger.warn({ runId, approvalId: requestId, requestId: httpRequestId, error }, 'approval signal not sent');
  });
}

/** Questions to people and their answers. */
export function createHitlRoutes(deps: AppDeps): Router {
  const router = Router();

  /** Settles the row, or adds to it, then wakes the run. */
  const decide = async (decision: Omit<Settlement, 'door' | 'actor'>, actor: RequestActor) => {
    const { runId } = await settleApproval(deps, { ...decision, door: 'api', actor });
    await wake(deps, { runId, requestId: decision.requestId }, actor.requestId);
    return getApproval(deps, decision.requestId, actor);
  };

  route(router, 'listApprovals', ({ query, actor }) => listApprovals(deps, query, actor));
  route(router, 'countApprovals', ({ actor }) => countApprovals(deps, actor));
  route(router, 'decideInBulk', async ({ body, actor }) => {
    const { outcome, decided } = await decideInBulk(deps, { body, actor });
    await Promise.all(decided.map((one) => wake(deps, one, actor.requestId)));
    return outcome;
  });
  route(router, 'getApproval', ({ params, actor }) => getApproval(deps, params.id, actor));
  route(router, 'approveRequest', ({ params, body, actor }) =>
    decide({ requestId: params.id, verdict: 'approve', note: body.note, editedArguments: body.edited_arguments, seen: seenOf(body) }, actor));
  route(router, 'rejectRequest', ({ params, body, actor }) => decide({ requestId: params.id, verdict: 'reject', note: body.reason, seen: seenOf(body) }, actor));
  route(router, 'confirmHappened', ({ params, body, actor }) => decide({ requestId: params.id, verdict: 'confirm_happened', note: body.note, seen: seenOf(body) }, actor));
  route(router, 'answerQuestion', ({ params, body, actor }) => decide({ requestId: params.id, verdict: 'answer', result: body.answer, seen: seenOf(body) }, actor));
  route(router, 'provideResult', ({ params, body, actor }) => decide({ requestId: params.id, verdict: 'provide_result', result: body.result, note: body.note, seen: seenOf(body) }, actor));
  route(router, 'extendRequest', async ({ params, body, actor }) => {
    const { runId } = await extendApproval(deps, { requestId: params.id, actor, expiresAt: new Date(body.expires_at), seen: seenOf(body) });
    await wake(deps, { runId, requestId: params.id }, actor.requestId);
    return getApproval(deps, params.id, actor);
  });
  return router;
}
