import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Webhook, WebhookDelivery } from '../../../contracts/notices.ts';
import type { Page, PageQuery } from '../../../contracts/pagination.ts';
import { isAllowed, type Role } from '../../../contracts/permissions.ts';
import type { Database } from '../../../db/database.ts';
import type { NoticeRow } from '../../../db/repositories/notices.repository.ts';
import { findWebhook, findWebhookView, listDeliveryRows, listWebhookViews, type WebhookView } from '../../../db/repositories/webhooks.repository.ts';
import { cursorTimeSchema, parsePageCursor } from '../../../platform/page-cursor.ts';
import { toPage } from '../../../platform/to-page.ts';
import { toShownUrl } from './shown-url.ts';

interface Deps {
  db: Kysely<Database>;
}

const cursorSchema = z.strictObject({ at: cursorTimeSchema, id: z.uuid() });

/** Dropped ones are not shown: nothing was to be sent any more. */
const toState = (state: NoticeRow['state']): WebhookDelivery['state'] => (state === 'dropped' ? 'failed' : state);

const toLastDelivery = ({ last_at: at, last_state: state, last_detail: detail }: WebhookView): Webhook['last_delivery'] => (at === null || state === null ? null : { at: at.toISOString(), state: toState(state), detail: detail ?? '' });

/** A webhook with the last delivery; its whole address is for `role`s that may change it. */
const toWebhook = (view: WebhookView, role: Role): Webhook => ({
  id: view.id, name: view.name, url: isAllowed(role, 'integrations:write') ? view.url : toShownUrl(view.url), events: view.events, is_enabled: view.is_enabled, secret_hint: view.secret_hint, version: view.version,
  created_at: view.created_at.toISOString(), updated_at: view.updated_at.toISOString(), updated_by: view.editor, last_delivery: toLastDelivery(view),
});

/** All webhooks, by name, with the last delivery of each; whole addresses are for `role`s that may change them. */
export async function listWebhooks({ db }: Deps, { role }: { role: Role }): Promise<Webhook[]> {
  return (await listWebhookViews(db)).map((view) => toWebhook(view, role));
}

/** One webhook, for whoever changed it. Throws WEBHOOK_NOT_FOUND. */
export async function getWebhook({ db }: Deps, webhookId: string): Promise<Webhook> {
  const view = await findWebhookView(db, webhookId);
  if (view === undefined) throw new AppError('WEBHOOK_NOT_FOUND', `webhook ${webhookId}`);
  return toWebhook(view, 'admin');
}

/** What was sent to a webhook or waits for it, newest first. Throws WEBHOOK_NOT_FOUND and CURSOR_INVALID. */
export async function listDeliveries({ db }: Deps, { webhookId, query }: { webhookId: string; query: PageQuery }): Promise<Page<WebhookDelivery>> {
  if ((await findWebhook(db, webhookId)) === undefined) throw new AppError('WEBHOOK_NOT_FOUND', `webhook ${webhookId}`);
  const rows = await listDeliveryRows(db, { webhookId, after: parsePageCursor(cursorSchema, query.cursor), limit: query.limit + 1 });
  return toPage(rows, {
    limit: query.limit,
    keyOf: ({ created_at_text: at, id }) => ({ at, id }),
    toItem: (row) => ({
      id: row.id, kind: row.kind, approval_id: row.request_id, state: toState(row.state), attempts: row.attempts, detail: row.detail, created_at: row.created_at.toISOString(), sent_at: row.sent_at?.toISOString() ?? null,
    }),
  });
}
