import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';

/**
 * Which approvals a person who may decide hears of: all, or `mine`: those that concern them. These are the ones whose terms name them, their
 * group or their role, or somebody who delegated to them; of those that name nobody all they may decide, unless they have delegated.
 */
export const noticeScopeSchema = z.enum(['off', 'mine', 'all']);
export const noticePreferencesSchema = z.strictObject({
  email: noticeScopeSchema.default('mine'),
  in_app: noticeScopeSchema.default('all'),
  /** Hours of the day (UTC, 0 to 23) without e-mail; HIGH and CRITICAL are never held back. Null: none. */
  quiet_hours: z.strictObject({ from: z.number().int().min(0).max(23), to: z.number().int().min(0).max(23) }).nullable().default(null),
});
export type NoticePreferences = z.infer<typeof noticePreferencesSchema>;

export const noticeKinds = ['requested', 'changed', 'reminder', 'escalated', 'settled'] as const;
export const noticeKindSchema = z.enum(noticeKinds);
export type NoticeKind = z.infer<typeof noticeKindSchema>;

/** Signed as Standard Webhooks say: `webhook-id`, `webhook-timestamp`, `webhook-signature` over `id.timestamp.body`. @see https://www.standardwebhooks.com */
const webhookShape = {
  name: z.string().trim().min(1, 'Give it a name.').max(120),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  events: z.array(noticeKindSchema).min(1, 'Choose at least one event.'),
  is_enabled: z.boolean(),
};
export const webhookSchema = z.strictObject({
  id: idSchema,
  ...webhookShape,
  /** End of the signing secret; the whole is shown once, when it is made. */
  secret_hint: z.string(),
  version: z.number().int().positive(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  /** Null: nobody that is still known. */
  updated_by: z.string().nullable(),
  last_delivery: z.strictObject({ at: timestampSchema, state: z.enum(['sent', 'failed', 'waiting']), detail: z.string() }).nullable(),
});
export type Webhook = z.infer<typeof webhookSchema>;
export const webhooksResponseSchema = z.strictObject({ items: z.array(webhookSchema) });
export const createWebhookBodySchema = z.strictObject({ ...webhookShape, events: webhookShape.events.default([...noticeKinds]), is_enabled: z.boolean().default(true) });
export type CreateWebhookBody = z.infer<typeof createWebhookBodySchema>;
/** `secret` (`whsec_…`) is shown this once. */
export const createdWebhookSchema = webhookSchema.extend({ secret: z.string() });
export type CreatedWebhook = z.infer<typeof createdWebhookSchema>;
export const updateWebhookBodySchema = z.strictObject({ version: z.number().int().positive(), name: webhookShape.name.optional(), url: webhookShape.url.optional(), events: webhookShape.events.optional(), is_enabled: z.boolean().optional() });
export type UpdateWebhookBody = z.infer<typeof updateWebhookBodySchema>;
export const webhookTestSchema = z.strictObject({ ok: z.boolean(), status: z.number().int().nullable(), detail: z.string(), duration_ms: z.number().int() });
export type WebhookTest = z.infer<typeof webhookTestSchema>;

/** What a webhook gets: ids and small facts, never arguments. `effect_sentence` is words of the system and names of hosts, shorter than the request's own. */
export const webhookPayloadSchema = z.strictObject({
  type: z.enum(['approval.requested', 'approval.changed', 'approval.reminder', 'approval.escalated', 'approval.settled', 'webhook.test']),
  timestamp: timestampSchema,
  data: z.strictObject({
    approval_id: idSchema, run_id: idSchema, agent_id: idSchema, agent_name: z.string(), tool_name: z.string(), risk_level: z.string(), status: z.string(),
    effect_sentence: z.string(), expires_at: timestampSchema.nullable(),
    /** Page of the request for people; opening it decides nothing. */
    url: z.string(),
    /** Where a program reads and decides it with its own user's token. */
    api_url: z.string(),
  }).nullable(),
});
export type WebhookPayload = z.infer<typeof webhookPayloadSchema>;

export const webhookDeliverySchema = z.strictObject({ id: idSchema, kind: z.string(), approval_id: idSchema.nullable(), state: z.enum(['sent', 'failed', 'waiting']), attempts: z.number().int(), detail: z.string(), created_at: timestampSchema, sent_at: timestampSchema.nullable() });
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;
export const listDeliveriesQuerySchema = pageQuerySchema;
