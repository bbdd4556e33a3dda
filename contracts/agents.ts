import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';
import { riskLevelSchema, toolEffectSchema, toolNameSchema } from './tools.ts';

export const llmProviders = ['openai', 'anthropic', 'scripted'] as const;
export const llmProviderSchema = z.enum(llmProviders);
export type LlmProvider = z.infer<typeof llmProviderSchema>;

/** Bounds of one run. `max_cost_micro_usd` is in millionths of a US dollar; unknown cost never counts against it. */
export const runLimitsSchema = z.strictObject({
  max_iterations: z.number().int().min(1).max(200).default(10),
  max_tokens: z.number().int().min(100).max(100_000_000).default(500_000),
  max_cost_micro_usd: z.number().int().min(1).max(10_000_000_000).nullable().default(null),
  /** Seconds of wall time, waiting for people included. */
  max_duration_seconds: z.number().int().min(1).max(30 * 24 * 3600).default(7 * 24 * 3600),
});
export type RunLimits = z.infer<typeof runLimitsSchema>;
export const defaultRunLimits: RunLimits = runLimitsSchema.parse({});

/** What a rejected call does to the run: the agent reads the reason and goes on, or the run fails. */
export const onRejectionSchema = z.enum(['tell_agent', 'fail_run']);
export type OnRejection = z.infer<typeof onRejectionSchema>;

/** Which model of which connection. `llm_connection` null: the provider's own, from the configuration. */
export const modelTargetSchema = z.strictObject({
  llm_provider: llmProviderSchema,
  llm_connection: z.string().min(1).max(64).nullable().default(null),
  llm_model: z.string().trim().min(1, 'Choose a model.').max(200),
});
export type ModelTarget = z.infer<typeof modelTargetSchema>;

/** How a model answers; null leaves it to the provider. What a provider does not take is refused when the agent is made. */
export const modelParametersSchema = z.strictObject({
  top_p: z.number().gt(0).max(1).nullable().default(null),
  stop_sequences: z.array(z.string().min(1).max(100)).max(4).default([]),
  seed: z.number().int().min(0).max(2_147_483_647).nullable().default(null),
  frequency_penalty: z.number().min(-2).max(2).nullable().default(null),
  presence_penalty: z.number().min(-2).max(2).nullable().default(null),
  reasoning_effort: z.enum(['minimal', 'low', 'medium', 'high']).nullable().default(null),
  /** Tokens the model may think before it answers. */
  thinking_budget_tokens: z.number().int().min(1_024).max(200_000).nullable().default(null),
  parallel_tool_calls: z.boolean().nullable().default(null),
});
export type ModelParameters = z.infer<typeof modelParametersSchema>;
export const defaultModelParameters: ModelParameters = modelParametersSchema.parse({});

/** Whether identical requests of this agent may be answered from the cache, and for how long an answer is kept. */
export const cachePolicySchema = z.strictObject({ mode: z.enum(['off', 'on']).default('off'), ttl_seconds: z.number().int().min(60).max(30 * 24 * 3600).default(24 * 3600) });
export type CachePolicy = z.infer<typeof cachePolicySchema>;
export const defaultCachePolicy: CachePolicy = cachePolicySchema.parse({});

const fallbacksSchema = z.array(modelTargetSchema).max(5);
/** JSON Schema (2020-12) of the final answer; an object at the top. */
const outputSchemaSchema = z.record(z.string(), z.json()).refine((schema) => JSON.stringify(schema).length <= 50_000, 'The schema is larger than 50 kB.').nullable();

/** Words policies know an agent by: `finance`, `customer-facing`. */
const tagsSchema = z.array(z.string().trim().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'A tag has small letters, digits and -.')).max(20).refine((tags) => new Set(tags).size === tags.length, 'Each tag once.');

const agentNameSchema = z.string().trim().min(1, 'Give the agent a name.').max(120);

/** What an operator writes about an agent; every change makes a new immutable version of it. */
export const agentDefinitionSchema = z.strictObject({
  purpose: z.string().trim().min(1, 'Say what the agent is for.').max(2_000),
  ...modelTargetSchema.shape,
  /** Tried in this order when the model is down, overloaded or over budget. */
  fallbacks: fallbacksSchema.default([]),
  instructions: z.string().max(20_000).default(''),
  tools: z.array(toolNameSchema).max(32).refine((tools) => new Set(tools).size === tools.length, 'Each tool once.').default([]),
  limits: runLimitsSchema.default(defaultRunLimits),
  on_rejection: onRejectionSchema.default('tell_agent'),
  temperature: z.number().min(0).max(2).nullable().default(null),
  max_output_tokens: z.number().int().min(16).max(200_000).nullable().default(null),
  parameters: modelParametersSchema.default(defaultModelParameters),
  cache_policy: cachePolicySchema.default(defaultCachePolicy),
  output_schema: outputSchemaSchema.default(null),
  tags: tagsSchema.default([]),
});
export type AgentDefinition = z.infer<typeof agentDefinitionSchema>;

export const createAgentBodySchema = agentDefinitionSchema.extend({ name: agentNameSchema });
export type CreateAgentBody = z.infer<typeof createAgentBodySchema>;
/** A body before defaults are filled in: what forms and scripts send. */
export type CreateAgentInput = z.input<typeof createAgentBodySchema>;

/** Fields left out stay as they are. `version`, when given, must be the current one, else AGENT_CHANGED. */
export const updateAgentBodySchema = z.strictObject({
  name: agentNameSchema.optional(),
  purpose: agentDefinitionSchema.shape.purpose.optional(),
  llm_provider: llmProviderSchema.optional(),
  llm_connection: modelTargetSchema.shape.llm_connection.unwrap().optional(),
  llm_model: agentDefinitionSchema.shape.llm_model.optional(),
  fallbacks: fallbacksSchema.optional(),
  instructions: z.string().max(20_000).optional(),
  tools: agentDefinitionSchema.shape.tools.unwrap().optional(),
  limits: runLimitsSchema.optional(),
  on_rejection: onRejectionSchema.optional(),
  temperature: z.number().min(0).max(2).nullable().optional(),
  max_output_tokens: z.number().int().min(16).max(200_000).nullable().optional(),
  parameters: modelParametersSchema.optional(),
  cache_policy: cachePolicySchema.optional(),
  output_schema: outputSchemaSchema.optional(),
  tags: tagsSchema.optional(),
  version: z.number().int().positive().optional(),
});
export type UpdateAgentBody = z.infer<typeof updateAgentBodySchema>;

export const agentStatusSchema = z.enum(['ready', 'deleted']);

/** Figures of an agent's last seven days; `success_rate` is null when nothing ended. */
const agentStatsSchema = z.strictObject({
  runs_7d: z.number().int(),
  success_rate_7d: z.number().nullable(),
  cost_micro_usd_7d: z.number().int().nullable(),
  waiting: z.number().int(),
  last_run: z.strictObject({ run_id: idSchema, status: z.string(), created_at: timestampSchema }).nullable(),
});

export const agentSchema = z.strictObject({
  id: idSchema,
  status: agentStatusSchema,
  name: z.string(),
  version: z.number().int().positive(),
  ...agentDefinitionSchema.shape,
  is_demo: z.boolean(),
  created_by: z.string().nullable(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
  stats: agentStatsSchema,
});
export type Agent = z.infer<typeof agentSchema>;

export const agentVersionSchema = z.strictObject({
  agent_id: idSchema,
  version: z.number().int().positive(),
  name: z.string(),
  ...agentDefinitionSchema.shape,
  created_by: z.string().nullable(),
  created_at: timestampSchema,
});
export type AgentVersion = z.infer<typeof agentVersionSchema>;

export const listAgentsQuerySchema = pageQuerySchema.extend({
  text: z.string().max(200).optional(),
  llm_model: z.string().max(200).optional(),
  tool: toolNameSchema.optional(),
});
export type ListAgentsQuery = z.infer<typeof listAgentsQuerySchema>;

/** One entry of the tool catalogue an AgentForm shows; `needs_approval` is the built-in policy's verdict at the default risk. */
export const toolDescriptionSchema = z.strictObject({
  name: toolNameSchema,
  description: z.string(),
  default_risk: riskLevelSchema,
  effect: toolEffectSchema,
  needs_approval: z.boolean(),
  is_configured: z.boolean(),
  /** What must be set when it is not configured. */
  configuration_hint: z.string().nullable(),
  /** Switched off by an admin, or held until somebody looks at its changed definition: it may stand in a definition and is not offered to models. */
  is_enabled: z.boolean(),
  /** Name of the MCP server it comes from; null: built in. */
  mcp_server: z.string().nullable(),
  parameters: z.record(z.string(), z.json()),
});
export type ToolDescription = z.infer<typeof toolDescriptionSchema>;

/** Parameters of {@link modelParametersSchema}, `temperature` among them, that a connection's API takes. */
export const parameterNames = ['temperature', 'top_p', 'stop_sequences', 'seed', 'frequency_penalty', 'presence_penalty', 'reasoning_effort', 'thinking_budget_tokens', 'parallel_tool_calls'] as const;

/** A connection to models as the AgentForm offers it. */
export const modelProviderSchema = z.strictObject({
  /** What an agent's `llm_connection` names; null: the provider's own, from the configuration. */
  connection: z.string().nullable(),
  provider: llmProviderSchema,
  label: z.string(),
  /** The API it speaks takes these; the server behind may know fewer. */
  parameters: z.array(z.enum(parameterNames)),
  takes_output_schema: z.boolean(),
  is_configured: z.boolean(),
  /** Said honestly everywhere: no model is called. */
  is_scripted: z.boolean(),
  configuration_hint: z.string().nullable(),
  models: z.array(z.string()),
});
export type ModelProvider = z.infer<typeof modelProviderSchema>;
