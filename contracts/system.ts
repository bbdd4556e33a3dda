import { z } from 'zod';
import { llmProviderSchema } from './agents.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';

/** An e-mail delivered to the built-in outbox. */
export const outboxEmailSchema = z.strictObject({
  id: idSchema,
  message_id: z.string(),
  from: z.string(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  /** Who got it without being named in it. */
  bcc: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  /** Untrusted: to be shown without scripts, styles of the page and anything fetched. */
  html: z.string().nullable(),
  /** `index` is its place in `/api/outbox/:id/attachments/:index`. */
  attachments: z.array(z.strictObject({ index: z.number().int().nonnegative(), name: z.string(), media_type: z.string(), bytes: z.number().int() })),
  received_at: timestampSchema,
});
export type OutboxEmail = z.infer<typeof outboxEmailSchema>;
export const listOutboxQuerySchema = pageQuerySchema.extend({ message_id: z.string().max(998).optional() });

export const auditEntrySchema = z.strictObject({
  sequence: z.number().int().positive(),
  at: timestampSchema,
  actor: z.strictObject({ user_id: idSchema.nullable(), name: z.string() }),
  action: z.string(),
  object_type: z.string(),
  object_id: z.string(),
  before: z.json().nullable(),
  after: z.json().nullable(),
  request_id: z.string().nullable(),
  /** Where it came from: a client's address, `bulk`, a Temporal signal; null where nobody asked from outside, and on old entries. */
  source: z.string().nullable(),
  previous_hash: z.string(),
  hash: z.string(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
const auditFilterShape = {
  object_id: z.string().max(200).optional(),
  object_type: z.string().max(100).optional(),
  /** An action (`approval.approve`) or all of a kind (`approval.*`). */
  action: z.string().max(100).optional(),
  actor_id: idSchema.optional(),
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
};
export const listAuditQuerySchema = pageQuerySchema.extend(auditFilterShape);
export type ListAuditQuery = z.infer<typeof listAuditQuerySchema>;
/**
 * The chain from the first entry on. `broken_at` is the first that does not fit (or is missing), `problem` says why in a sentence;
 * `entries` counts those that fit up to there. An entry outside the chain, before the first or after the newest, is looked for last. `head_hash` is the
 * hash of the newest entry: who keeps it can tell later that nothing was cut off.
 */
export const auditVerificationSchema = z.strictObject({
  is_intact: z.boolean(),
  entries: z.number().int(),
  broken_at: z.number().int().nullable(),
  problem: z.string().nullable(),
  head_hash: z.string(),
  checked_at: timestampSchema,
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
/** One line of the export: an entry as its hash covers it, with the hash. */
export const auditRecordSchema = z.strictObject({
  sequence: z.number().int().positive(),
  at: timestampSchema,
  actor_id: z.string().nullable(),
  actor_name: z.string(),
  action: z.string(),
  object_type: z.string(),
  object_id: z.string(),
  before: z.json(),
  after: z.json(),
  request_id: z.string().nullable(),
  source: z.string().nullable(),
  previous_hash: z.string(),
  hash: z.string(),
});
export type AuditRecord = z.infer<typeof auditRecordSchema>;
export const auditExportQuerySchema = z.strictObject({ from_sequence: z.coerce.number().int().positive().default(1) });

export const integrationStateSchema = z.enum(['not_configured', 'untested', 'healthy', 'degraded', 'failing', 'built_in']);
export const integrationSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(['model_provider', 'vector_store', 'tool', 'email', 'data_source', 'mcp_server', 'temporal', 'database']),
  name: z.string(),
  state: integrationStateSchema,
  /** Plain words: address without credentials, why it fails, what to set. */
  detail: z.string(),
  /** Names of settings that are missing. */
  missing_settings: z.array(z.string()),
  latency_ms: z.number().nullable(),
  used_by_agents: z.number().int(),
  checked_at: timestampSchema.nullable(),
});
export type Integration = z.infer<typeof integrationSchema>;
export const integrationsResponseSchema = z.strictObject({ items: z.array(integrationSchema) });

export const serviceHealthSchema = z.strictObject({
  service: z.enum(['api', 'worker', 'temporal', 'database', 'model']),
  state: z.enum(['up', 'down', 'unknown']),
  detail: z.string(),
});
export const healthResponseSchema = z.strictObject({ checked_at: timestampSchema, services: z.array(serviceHealthSchema) });
export type HealthResponse = z.infer<typeof healthResponseSchema>;

export const livenessResponseSchema = z.strictObject({ status: z.literal('ok') });
export const readinessResponseSchema = z.strictObject({ status: z.enum(['ready', 'not_ready']), checks: z.record(z.string(), z.string()) });

export const timeRanges = ['1h', '24h', '7d', '30d'] as const;
export const timeRangeSchema = z.enum(timeRanges);
export const observabilityQuerySchema = z.strictObject({
  range: timeRangeSchema.default('24h'),
  agent_id: idSchema.optional(),
  llm_model: z.string().max(200).optional(),
  include_demo: z.enum(['true', 'false']).default('false').transform((value) => value === 'true'),
});
export type ObservabilityQuery = z.infer<typeof observabilityQuerySchema>;

/** Milliseconds; null without samples. */
const percentilesSchema = z.strictObject({ p50: z.number().nullable(), p95: z.number().nullable(), p99: z.number().nullable(), samples: z.number().int() });
const totalsSchema = z.strictObject({
  runs: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  success_rate: z.number().nullable(),
  /** Active time: waiting for people left out. */
  active_ms: percentilesSchema,
  /** From the request on the wire to the first token, of answers that were streamed. */
  first_token_ms: percentilesSchema,
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cached_input_tokens: z.number().int(),
  cost_micro_usd: z.number().int().nullable(),
  runs_with_unknown_cost: z.number().int(),
  approvals: z.number().int(),
  approvals_expired: z.number().int(),
  median_time_to_decide_ms: z.number().nullable(),
});
export const observabilityResponseSchema = z.strictObject({
  from: timestampSchema,
  to: timestampSchema,
  bucket_seconds: z.number().int(),
  has_any_run: z.boolean(),
  totals: totalsSchema,
  previous: totalsSchema,
  /** Buckets without a run are left out: a gap, not a zero. */
  series: z.array(
    z.strictObject({
      at: timestampSchema,
      runs: z.number().int(),
      completed: z.number().int(),
      failed: z.number().int(),
      other: z.number().int(),
      active_ms: percentilesSchema,
      input_tokens: z.number().int(),
      output_tokens: z.number().int(),
      cost_micro_usd: z.number().int().nullable(),
    }),
  ),
  by_agent: z.array(z.strictObject({ agent_id: idSchema, agent_name: z.string(), runs: z.number().int(), failed: z.number().int(), p95_ms: z.number().nullable(), cost_micro_usd: z.number().int().nullable() })),
  by_model: z.array(z.strictObject({ llm_provider: llmProviderSchema, llm_model: z.string(), calls: z.number().int(), failed: z.number().int(), p95_ms: z.number().nullable(), cost_micro_usd: z.number().int().nullable() })),
  by_tool: z.array(z.strictObject({ tool_name: z.string(), calls: z.number().int(), failed: z.number().int(), refused: z.number().int(), p95_ms: z.number().nullable() })),
  errors: z.array(z.strictObject({ code: z.string(), count: z.number().int(), example_run_id: idSchema })),
  /** Why requests to models failed, whatever came of it: another attempt, another model, the end of the run. */
  model_errors: z.array(z.strictObject({ code: z.string(), llm_connection: z.string(), llm_model: z.string(), count: z.number().int(), example_run_id: idSchema })),
  slowest_steps: z.array(z.strictObject({ run_id: idSchema, step_id: idSchema, kind: z.string(), tool_name: z.string().nullable(), duration_ms: z.number().int() })),
});
export type ObservabilityResponse = z.infer<typeof observabilityResponseSchema>;

/** The dashboard's figures: now, the last 24 hours, today (UTC). */
export const dashboardResponseSchema = z.strictObject({
  running: z.number().int(),
  waiting: z.number().int(),
  paused: z.number().int(),
  success_rate_24h: z.number().nullable(),
  ended_24h: z.number().int(),
  cost_today_micro_usd: z.number().int().nullable(),
  /** 24 hourly counts, oldest first. */
  runs_per_hour: z.array(z.number().int()).length(24),
  broken: z.array(z.strictObject({ code: z.string(), message: z.string(), count: z.number().int(), last_run_id: idSchema, last_at: timestampSchema })),
});
export type DashboardResponse = z.infer<typeof dashboardResponseSchema>;
