import type { Router } from 'express';
import { streamEndpoints } from '../../../contracts/endpoints.ts';
import { AppError } from '../../../contracts/errors.ts';
import { findRunFile, listRunFiles } from '../../../db/repositories/run-files.repository.ts';
import { getRun } from '../../../engine/traces/index.ts';
import type { AppDeps } from '../../app-deps.ts';
import { authorize, route } from '../../route.ts';
import { sendFile } from '../../send-file.ts';

/** Files the tools of a run made. */
export function addRunFileRoutes(router: Router, deps: AppDeps): void {
  route(router, 'listRunFiles', async ({ params }) => {
    await getRun(deps, params.run_id);
    return { items: await listRunFiles(deps.db, params.run_id) };
  });
  const { path, access, params: paramsSchema } = streamEndpoints.runFile;
  router.get(path, async (request, response) => {
    response.locals['endpoint'] = 'runFile';
    const actor = await authorize(access, request);
    response.locals['userId'] = actor.userId;
    const runId = paramsSchema.shape.run_id.safeParse(request.params['run_id']);
    if (!runId.success) throw new AppError('RUN_NOT_FOUND');
    await getRun(deps, runId.data);
    const fileId = paramsSchema.shape.file_id.safeParse(request.params['file_id']);
    const file = fileId.success ? await findRunFile(deps.db, runId.data, fileId.data) : undefined;
    if (file === undefined) throw new AppError('FILE_NOT_FOUND');
    sendFile(response, { name: file.name, mediaType: file.media_type, bytes: file.content });
  });
}
