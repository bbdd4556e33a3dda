import { Router } from 'express';
import { z } from 'zod';
import { listOutboxEmails } from '../../../db/repositories/outbox-views.repository.ts';
import { parsePageCursor, toPageCursor } from '../../../platform/page-cursor.ts';
import type { AppDeps } from '../../app-deps.ts';
import { route } from '../../route.ts';

const cursorSchema = z.strictObject({ received_at: z.iso.datetime({ precision: 6 }), id: z.uuid() });

/** E-mails the built-in outbox took in. */
export function createOutboxRoutes(deps: AppDeps): Router {
  const router = Router();
  route(router, 'listOutbox', async ({ query }) => {
    const rows = await listOutboxEmails(deps.db, { after: parsePageCursor(cursorSchema, query.cursor), messageId: query.message_id, limit: query.limit + 1 });
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      items: page.map(({ position: _position, ...email }) => email),
      next_cursor: rows.length > query.limit && last !== undefined ? toPageCursor(last.position) : null,
    };
  });
  return router;
}
