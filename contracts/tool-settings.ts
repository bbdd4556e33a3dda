import { z } from 'zod';
import { timestampSchema } from './pagination.ts';
import { usedByAgentsSchema } from './staged-tests.ts';
import { riskLevelSchema, toolEffectSchema, toolNameSchema } from './tools.ts';

/** How a tool is set up here. Null: the tool's own default, or no limit. */
export const toolSettingsSchema = z.strictObject({
  name: toolNameSchema,
  description: z.string(),
  /** Name of the MCP server it comes from; null: built in. */
  mcp_server: z.string().nullable(),
  default_risk: riskLevelSchema,
  effect: toolEffectSchema,
  is_enabled: z.boolean(),
  is_configured: z.boolean(),
  configuration_hint: z.string().nullable(),
  timeout_seconds: z.number().int().nullable(),
  /** What counts while `timeout_seconds` is null. */
  default_timeout_seconds: z.number().int(),
  max_concurrent: z.number().int().nullable(),
  calls_per_minute: z.number().int().nullable(),
  /** Calls at work now, over all workers. */
  running: z.number().int(),
  /** Settings of this tool alone, in the form of `options_schema`; both null where it has none. */
  options: z.record(z.string(), z.json()).nullable(),
  options_schema: z.record(z.string(), z.json()).nullable(),
  used_by_agents: usedByAgentsSchema,
  /** 0: never changed. */
  version: z.number().int().nonnegative(),
  updated_at: timestampSchema.nullable(),
  updated_by: z.string().nullable(),
});
export type ToolSettings = z.infer<typeof toolSettingsSchema>;
export const toolSettingsResponseSchema = z.strictObject({ items: z.array(toolSettingsSchema) });

/** Fields left out stay. `version` must be the current one, else TOOL_SETTINGS_CHANGED. */
export const updateToolSettingsBodySchema = z.strictObject({
  is_enabled: z.boolean().optional(),
  timeout_seconds: z.number().int().min(1).max(900).nullable().optional(),
  max_concurrent: z.number().int().min(1).max(1_000).nullable().optional(),
  calls_per_minute: z.number().int().min(1).max(100_000).nullable().optional(),
  options: z.record(z.string(), z.json()).optional(),
  version: z.number().int().nonnegative(),
});
export type UpdateToolSettingsBody = z.infer<typeof updateToolSettingsBodySchema>;
