import { Router } from 'express';
import { z } from 'zod';
import { streamEndpoints } from '../../../contracts/endpoints.ts';
import { AppError } from '../../../contracts/errors.ts';
import { findOutboxAttachment, listOutboxEmails } from '../../../db/repositories/outbox-views.repository.ts';
import { cursorTimeSchema, parsePageCursor } from '../../../platform/page-cursor.ts';
import { toPage } from '../../../platform/to-page.ts';
import type { AppDeps } from '../../app-deps.ts';
import { authorize, parsePart, route } from '../../route.ts';
import { sendFile } from '../../send-file.ts';

const cursorSchema = z.strictObject({ received_at: cursorTimeSchema, id: z.uuid() });

/** E-mails the built-in outbox took in, and the files they brought. */
export function createOutboxRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listOutbox', async ({ query }) => {
    const rows = await listOutboxEmails(deps.db, { after: parsePageCursor(cursorSchema, query.cursor), messageId: query.message_id, limit: query.limit + 1 });
    return toPage(rows, { limit: query.limit, keyOf: ({ position }) => position, toItem: ({ position: _position, ...email }) => email });
  });

  const { path, access, params: paramsSchema, query: querySchema } = streamEndpoints.outboxAttachment;
  router.get(path, async (request, response) => {
    response.locals['endpoint'] = 'outboxAttachment';
    const actor = await authorize(access, request);
    response.locals['userId'] = actor.userId;
    const params = paramsSchema.safeParse(request.params);
    parsePart(querySchema, request.query);
    const file = params.success ? await findOutboxAttachment(deps.db, params.data.id, params.data.index) : undefined;
    if (file === undefined) throw new AppError('FILE_NOT_FOUND');
    sendFile(response, file);
  });
  return router;
}
