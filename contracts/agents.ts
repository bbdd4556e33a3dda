import { z } from 'zod';
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

const agentNameSchema = z.string().trim().min(1, 'Give the agent a name.').max(120);

/** What an operator writes about an agent; every change makes a new immutable version of it. */
export const agentDefinitionSchema = z.strictObject({
  purpose: z.string().trim().min(1, 'Say what the agent is for.').max(2_000),
  llm_provider: llmProviderSchema,
  llm_model: z.string().trim().min(1, 'Choose a model.').max(200),
  instructions: z.string().max(20_000).default(''),
  tools: z.array(toolNameSchema).max(32).refine((tools) => new Set(tools).size === tools.length, 'Each tool once.').default([]),
  limits: runLimitsSchema.default(defaultRunLimits),
  on_rejection: onRejectionSchema.default('tell_agent'),
  temperature: z.number().min(0).max(2).nullable().default(null),
  max_output_tokens: z.number().int().min(16).max(200_000).nullable().default(null),
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
  llm_model: agentDefinitionSchema.shape.llm_model.optional(),
  instructions: z.string().max(20_000).optional(),
  tools: agentDefinitionSchema.shape.tools.unwrap().optional(),
  limits: runLimitsSchema.optional(),
  on_rejection: onRejectionSchema.optional(),
  temperature: z.number().min(0).max(2).nullable().optional(),
  max_output_tokens: z.number().int().min(16).max(200_000).nullable().optional(),
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
  last_run: z.strictObject({ run_id: z.uuid(), status: z.string(), created_at: timestampSchema }).nullable(),
});

export const agentSchema = z.strictObject({
  id: z.uuid(),
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
  agent_id: z.uuid(),
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
  parameters: z.record(z.string(), z.json()),
});
export type ToolDescription = z.infer<typeof toolDescriptionSchema>;

/** A model provider as the AgentForm offers it. */
export const modelProviderSchema = z.strictObject({
  provider: llmProviderSchema,
  label: z.string(),
  is_configured: z.boolean(),
  /** Said honestly everywhere: no model is called. */
  is_scripted: z.boolean(),
  configuration_hint: z.string().nullable(),
  models: z.array(z.string()),
});
export type ModelProvider = z.infer<typeof modelProviderSchema>;
