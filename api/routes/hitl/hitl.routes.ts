import { Router } from 'express';
import type { DecisionVerdict } from '../../../contracts/approvals.ts';
import { settleApproval } from '../../../engine/hitl/index.ts';
import { getApproval, listApprovals } from '../../../engine/traces/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';
import type { RequestActor } from '../../auth/index.ts';

interface Decision {
  requestId: string;
  verdict: DecisionVerdict;
  actor: RequestActor;
  note?: string | undefined;
  editedArguments?: Record<string, unknown> | undefined;
  seen: { version?: number | undefined; argumentsHash?: string | undefined };
}

/**
 * Settles the row, then wakes the run. Once the row is settled the decision stands, so a signal that cannot be sent is no reason
 * to tell the decider it failed: the sweeper sends it again.
 */
async function decide(deps: AppDeps, decision: Decision) {
  const { runId } = await settleApproval(deps, { ...decision, door: 'api' });
  await deps.agentRuns.signalApproval(runId, { requestId: decision.requestId }).catch((error: unknown) => {
    deps.logger.warn({ runId, approvalId: decision.requestId, requestId: decision.actor.requestId, error }, 'approval signal not sent');
  });
  return getApproval(deps, decision.requestId);
}

/** Questions to people and their answers. */
export function createHitlRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listApprovals', ({ query }) => listApprovals(deps, query));
  route(router, 'getApproval', ({ params }) => getApproval(deps, params.id));
  route(router, 'approveRequest', ({ params, body, actor }) =>
    decide(deps, {
      requestId: params.id, verdict: 'approve', actor, note: body.note, editedArguments: body.edited_arguments,
      seen: { version: body.version, argumentsHash: body.arguments_hash },
    }));
  route(router, 'rejectRequest', ({ params, body, actor }) =>
    decide(deps, { requestId: params.id, verdict: 'reject', actor, note: body.reason, seen: { version: body.version, argumentsHash: body.arguments_hash } }));
  route(router, 'confirmHappened', ({ params, body, actor }) =>
    decide(deps, { requestId: params.id, verdict: 'confirm_happened', actor, note: body.note, seen: { version: body.version, argumentsHash: body.arguments_hash } }));
  return router;
}
