import { type Request, Router } from 'express';
import { AppError } from '../../../contracts/errors.ts';
import { cancelRun, createRun, pauseRun, resumeRun, steerRun } from '../../../engine/runs/index.ts';
import { countRuns, getAttemptRequest, getRun, getStep, listAttempts, listRuns, listSteps } from '../../../engine/traces/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';
import { addRunFileRoutes } from './run-files.routes.ts';

/** 1 to 255 printable ASCII characters, as the Idempotency-Key draft of the IETF asks for a string. */
const idempotencyKeyPattern = /^[\x20-\x7e]{1,255}$/;

function readIdempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined || idempotencyKeyPattern.test(key)) return key;
  throw new AppError('VALIDATION_FAILED', undefined, { details: { issues: [{ path: 'Idempotency-Key', message: 'Must be 1 to 255 printable ASCII characters.' }] } });
}

/** Runs: start, list, read, control. */
export function createRunsRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'createRun', async ({ body, actor, request, response }) => {
    const { replayed, ...created } = await createRun(deps, { body, actor, idempotencyKey: readIdempotencyKey(request) });
    if (replayed) response.set('Idempotent-Replayed', 'true');
    return created;
  });
  route(router, 'listRuns', ({ query }) => listRuns(deps, query));
  route(router, 'countRuns', ({ query }) => countRuns(deps, query));
  route(router, 'getRun', ({ params }) => getRun(deps, params.run_id));
  route(router, 'listSteps', ({ params, query }) => listSteps(deps, params.run_id, query));
  route(router, 'getStep', ({ params }) => getStep(deps, params.run_id, params.step_id));
  route(router, 'listAttempts', ({ params }) => listAttempts(deps, params.run_id, params.step_id));
  route(router, 'getAttemptRequest', ({ params }) => getAttemptRequest(deps, { runId: params.run_id, stepId: params.step_id, attemptId: params.attempt_id }));
  route(router, 'cancelRun', ({ params, body, actor }) => cancelRun(deps, { runId: params.run_id, actor, reason: body.reason }));
  route(router, 'pauseRun', ({ params, actor }) => pauseRun(deps, { runId: params.run_id, actor }));
  route(router, 'resumeRun', ({ params, actor }) => resumeRun(deps, { runId: params.run_id, actor }));
  route(router, 'steerRun', ({ params, body, actor }) => steerRun(deps, { runId: params.run_id, actor, message: body.message }));
  addRunFileRoutes(router, deps);
  return router;
}
