import { z } from 'zod';
import { llmProviderSchema } from './agents.ts';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';

/** APIs a connection can speak: the scripted provider needs none. */
export const connectionApiSchema = z.enum(['openai', 'anthropic']);
export type ConnectionApi = z.infer<typeof connectionApiSchema>;

/** Limits an admin sets; null: only what the provider says in its headers counts. */
export const connectionLimitsSchema = z.strictObject({
  requests_per_minute: z.number().int().min(1).max(1_000_000).nullable().default(null),
  tokens_per_minute: z.number().int().min(100).max(1_000_000_000).nullable().default(null),
});
export type ConnectionLimits = z.infer<typeof connectionLimitsSchema>;

const connectionNameSchema = z.string().trim().min(1, 'Give the connection a name.').max(80);
const baseUrlSchema = z
  .string()
  .trim()
  .max(500)
  .refine((text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol), 'Write a whole address, e.g. http://127.0.0.1:11434/v1.')
  .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), 'The key has a field of its own; leave it out of the address.');
/** Write-only: it is never sent back, in no answer and no form. */
const apiKeySchema = z.string().trim().min(1).max(1_000).regex(/^[\x21-\x7e]+$/, 'A key has no spaces and only plain characters.');

export const createConnectionBodySchema = z.strictObject({
  name: connectionNameSchema,
  api: connectionApiSchema,
  /** Null: the provider's own address. */
  base_url: baseUrlSchema.nullable().default(null),
  api_key: apiKeySchema.nullable().default(null),
  limits: connectionLimitsSchema.default({ requests_per_minute: null, tokens_per_minute: null }),
  is_enabled: z.boolean().default(true),
});
export type CreateConnectionBody = z.infer<typeof createConnectionBodySchema>;

/** Fields left out stay. `api_key: null` removes the key. `version` must be the current one, else CONNECTION_CHANGED. */
export const updateConnectionBodySchema = z.strictObject({
  name: connectionNameSchema.optional(),
  base_url: baseUrlSchema.nullable().optional(),
  api_key: apiKeySchema.nullable().optional(),
  limits: connectionLimitsSchema.optional(),
  is_enabled: z.boolean().optional(),
  version: z.number().int().positive(),
});
export type UpdateConnectionBody = z.infer<typeof updateConnectionBodySchema>;

/** Deleting takes the name, so that nothing is deleted by a slip. */
export const deleteConnectionQuerySchema = z.strictObject({ name: z.string().max(80).optional() });

export const circuitSchema = z.strictObject({
  /** `open`: no call is sent until `retry_at`; `half_open`: the next call is a trial. */
  state: z.enum(['closed', 'open', 'half_open']),
  failures_in_row: z.number().int().nonnegative(),
  retry_at: timestampSchema.nullable(),
  last_error: z.strictObject({ code: z.string(), message: z.string(), at: timestampSchema }).nullable(),
  last_success_at: timestampSchema.nullable(),
});
export type Circuit = z.infer<typeof circuitSchema>;

export const connectionStageNames = ['address', 'connect', 'tls', 'sign_in', 'minimal_call'] as const;
/** One stage of "test connection". `skipped`: an earlier one failed, or there is nothing to do (no TLS for http, no model to ask). */
export const connectionStageSchema = z.strictObject({
  stage: z.enum(connectionStageNames),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  ms: z.number().nonnegative().nullable(),
  /** What was seen: address, certificate, models found. */
  detail: z.string(),
});
export const connectionTestSchema = z.strictObject({
  passed: z.boolean(),
  tested_at: timestampSchema,
  stages: z.array(connectionStageSchema),
  failure: z.strictObject({
    stage: z.enum(connectionStageNames),
    code: z.string(),
    /** HTTP status, where there was one. */
    status: z.number().int().nullable(),
    /** Plain cause. */
    cause: z.string(),
    /** What to do: "base URL probably lacks /v1". */
    fix: z.string(),
  }).nullable(),
  /** The model the minimal call asked, and how many models the server lists; null: it lists none. */
  model: z.string().nullable(),
  models_found: z.number().int().nullable(),
});
export type ConnectionTest = z.infer<typeof connectionTestSchema>;

/** Tests values before they are saved. `connection_id` with `api_key` left out uses the stored key, but only at the stored address. */
export const testConnectionBodySchema = z.strictObject({
  api: connectionApiSchema,
  base_url: baseUrlSchema.nullable().default(null),
  api_key: apiKeySchema.nullable().optional(),
  connection_id: z.string().max(64).optional(),
  /** Asked in the minimal call; default: the first model the server lists. */
  model: z.string().trim().min(1).max(200).optional(),
});
export type TestConnectionBody = z.infer<typeof testConnectionBodySchema>;
export const testStoredConnectionBodySchema = z.strictObject({ model: z.string().trim().min(1).max(200).optional() }).default({});

export const connectionSchema = z.strictObject({
  /** `openai`, `anthropic` or `scripted` for those of the configuration, a UUID for those an admin made. */
  id: z.string(),
  name: z.string(),
  api: llmProviderSchema,
  /** Without credentials. Null: nothing is called. */
  base_url: z.string().nullable(),
  /** `…a91f`; null: no key. */
  api_key_hint: z.string().nullable(),
  limits: connectionLimitsSchema,
  /** Limits read from the provider's headers, null where it says none. */
  learned_limits: connectionLimitsSchema,
  is_enabled: z.boolean(),
  /** Comes from the configuration: shown, tested, not edited here. */
  is_built_in: z.boolean(),
  is_configured: z.boolean(),
  /** Which settings to set when it is not. */
  configuration_hint: z.string().nullable(),
  state: z.enum(['not_configured', 'untested', 'healthy', 'degraded', 'failing', 'off']),
  circuit: circuitSchema,
  last_test: connectionTestSchema.nullable(),
  used_by_agents: z.array(z.strictObject({ id: idSchema, name: z.string() })),
  open_runs: z.number().int(),
  version: z.number().int().positive(),
  updated_at: timestampSchema.nullable(),
  updated_by: z.string().nullable(),
});
export type Connection = z.infer<typeof connectionSchema>;
export const connectionsResponseSchema = z.strictObject({ items: z.array(connectionSchema) });

/** A model as its server lists it; numbers only where it says them. */
export const listedModelSchema = z.strictObject({ id: z.string(), context_window: z.number().int().nullable(), max_output_tokens: z.number().int().nullable() });
export type ListedModel = z.infer<typeof listedModelSchema>;
export const listedModelsResponseSchema = z.strictObject({
  items: z.array(listedModelSchema),
  fetched_at: timestampSchema.nullable(),
  /** Why there is no list; null when there is one. */
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
});

const rateSchema = z.number().int().min(0).max(1_000_000_000_000);
/** US dollars per million tokens in micro-USD: 2.50 $ are 2500000. Null: not charged apart, the input rate counts. */
export const priceSchema = z.strictObject({
  id: z.string(),
  /** Null: any connection of the provider. */
  connection_id: z.string().nullable(),
  provider: connectionApiSchema,
  model: z.string(),
  input: rateSchema,
  output: rateSchema,
  cached_input: rateSchema.nullable(),
  cache_write: rateSchema.nullable(),
  source: z.string(),
  /** The day the price was read at its source. */
  as_of: z.iso.date(),
  is_built_in: z.boolean(),
  updated_by: z.string().nullable(),
});
export type ModelPrice = z.infer<typeof priceSchema>;
export const pricesResponseSchema = z.strictObject({ items: z.array(priceSchema) });
/** Sets the price of a model; one that is there already for the same connection and model is replaced. */
export const setPriceBodySchema = z.strictObject({
  connection_id: z.string().max(64).nullable().default(null),
  provider: connectionApiSchema,
  model: z.string().trim().min(1).max(200),
  input: rateSchema,
  output: rateSchema,
  cached_input: rateSchema.nullable().default(null),
  cache_write: rateSchema.nullable().default(null),
  source: z.string().trim().min(1, 'Say where the price comes from.').max(300),
  as_of: z.iso.date().refine((day) => day >= '2000-01-01', 'No model was sold before 2000.'),
});
export type SetPriceBody = z.infer<typeof setPriceBodySchema>;

export const answerCacheSchema = z.strictObject({
  entries: z.number().int(),
  bytes: z.number().int(),
  hits: z.number().int(),
  saved_micro_usd: z.number().int(),
  by_agent: z.array(z.strictObject({ agent_id: idSchema, agent_name: z.string(), entries: z.number().int(), hits: z.number().int(), saved_micro_usd: z.number().int() })),
});
export type AnswerCacheFigures = z.infer<typeof answerCacheSchema>;
export const purgeAnswerCacheQuerySchema = z.strictObject({ agent_id: idSchema.optional() });
export const purgedResponseSchema = z.strictObject({ purged: z.number().int() });
