// Telling people and other systems of approvals: written with the fact it tells of, delivered after that. Events of the web app are written where they happen.
export { type DeliveryRound, deliverNotices } from './delivery/deliver-notices.ts';
export type { NoticeDeps } from './notice-deps.ts';
export type { Notifier } from './notifier.ts';
export { getNoticePreferences, setNoticePreferences } from './preferences.ts';
export { type Decider, queueNotices } from './queue-notices.ts';
export { createWebhook, deleteWebhook, updateWebhook } from './webhooks/change-webhook.ts';
export { listDeliveries, listWebhooks } from './webhooks/read-webhooks.ts';
export { testWebhook } from './webhooks/test-webhook.ts';
