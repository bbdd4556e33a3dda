import { AppError } from '../../../contracts/errors.ts';
import type { WebhookTest } from '../../../contracts/notices.ts';
import { insertNotices } from '../../../db/repositories/notices.repository.ts';
import { findWebhook, lockWebhook } from '../../../db/repositories/webhooks.repository.ts';
import { newId } from '../../../platform/ids.ts';
import type { NoticeDeps } from '../notice-deps.ts';
import { postWebhook } from './post-webhook.ts';

/** Sends a signed test at once, also to a webhook that is switched off; it stands among the deliveries. Throws WEBHOOK_NOT_FOUND. */
export async function testWebhook(deps: Pick<NoticeDeps, 'db' | 'secretBox' | 'config'>, webhookId: string): Promise<WebhookTest> {
  const webhook = await findWebhook(deps.db, webhookId);
  if (webhook === undefined) throw new AppError('WEBHOOK_NOT_FOUND', `webhook ${webhookId}`);
  const [id, sentAt, started] = [newId(), new Date(), performance.now()];
  const { ok, status, detail } = await postWebhook(deps, webhook, { id, payload: { type: 'webhook.test', timestamp: sentAt.toISOString(), data: null } });
  await deps.db.transaction().execute(async (trx) => {
    // It may have been deleted while the test was under way, and its deliveries with it.
    if ((await lockWebhook(trx, webhook.id)) === undefined) return;
    await insertNotices(trx, [{
      id, channel: 'webhook', kind: 'test', request_id: null, user_id: null, webhook_id: webhook.id, batch_id: id, not_before: sentAt, attempts: 1, state: ok ? 'sent' : 'failed', detail, sent_at: ok ? new Date() : null,
    }]);
  });
  return { ok, status, detail, duration_ms: Math.round(performance.now() - started) };
}
