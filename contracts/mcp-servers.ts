import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';
import { stagedTestSchema, usedByAgentsSchema } from './staged-tests.ts';
import { riskLevelSchema, toolEffectSchema, toolNameSchema } from './tools.ts';

const textMapSchema = (name: z.ZodString, label: string) =>
  z.record(name, z.string().max(10_000).regex(/^[^\u0000\r\n]*$/, 'must be one line')).refine((map) => Object.keys(map).length <= 50, `At most 50 ${label}.`);

/** Values may hold `{{secret:name}}`; nothing else of them is kept from readers. */
const stdioSchema = z.strictObject({
  type: z.literal('stdio'),
  /** A program on the machine of the worker; found on its PATH unless it is a whole path. No shell reads it. */
  command: z.string().trim().min(1, 'Name the program.').max(500).regex(/^[^\u0000\r\n]*$/),
  args: z.array(z.string().max(4_000).regex(/^[^\u0000]*$/)).max(100).default([]),
  env: textMapSchema(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is no name of an environment variable'), 'variables').default({}),
});
const httpSchema = z.strictObject({
  type: z.literal('streamable_http'),
  url: z
    .string()
    .trim()
    .max(2_000)
    .refine((text) => URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol), 'Write a whole address, e.g. https://mcp.example.com/mcp.')
    .refine((text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''), 'Leave credentials out of the address; send them in a header.'),
  headers: textMapSchema(z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'is no name of a header'), 'headers').default({}),
});
export const mcpTransportSchema = z.discriminatedUnion('type', [stdioSchema, httpSchema]);
export type McpTransport = z.infer<typeof mcpTransportSchema>;

const nameSchema = z.string().trim().min(1, 'Give the server a name.').max(80);
/** Its tools are registered as `mcp_<slug>_<tool>`. Fixed once made: agents name tools. */
export const mcpSlugSchema = z.string().regex(/^[a-z][a-z0-9]{0,23}$/, 'Use a small letter, then small letters and digits, at most 24.');
const timeoutSchema = z.number().int().min(1).max(600);

export const createMcpServerBodySchema = z.strictObject({
  name: nameSchema,
  slug: mcpSlugSchema,
  transport: mcpTransportSchema,
  /** Of one call; progress the server reports does not lengthen it. */
  timeout_seconds: timeoutSchema.default(60),
  is_enabled: z.boolean().default(true),
});
export type CreateMcpServerBody = z.infer<typeof createMcpServerBodySchema>;
/** Fields left out stay. `version` must be the current one, else CONNECTION_CHANGED. */
export const updateMcpServerBodySchema = z.strictObject({ name: nameSchema.optional(), transport: mcpTransportSchema.optional(), timeout_seconds: timeoutSchema.optional(), is_enabled: z.boolean().optional(), version: z.number().int().positive() });
export type UpdateMcpServerBody = z.infer<typeof updateMcpServerBodySchema>;
export const deleteMcpServerQuerySchema = z.strictObject({ name: z.string().max(80).optional() });
export const testMcpServerBodySchema = z.strictObject({ transport: mcpTransportSchema });

/** What a server says of a tool, and what is pinned by hash. */
export const mcpDefinitionSchema = z.strictObject({
  name: z.string(),
  title: z.string().nullable(),
  description: z.string(),
  input_schema: z.record(z.string(), z.json()),
  output_schema: z.record(z.string(), z.json()).nullable(),
  /** Hints of the server, not to be trusted; null where it gives none. */
  annotations: z.strictObject({ read_only: z.boolean().nullable(), destructive: z.boolean().nullable(), idempotent: z.boolean().nullable(), open_world: z.boolean().nullable() }),
});
export type McpDefinition = z.infer<typeof mcpDefinitionSchema>;

export const mcpToolSchema = z.strictObject({
  id: idSchema,
  registered_name: toolNameSchema,
  /** The reviewed definition; of a new tool the found one. */
  definition: mcpDefinitionSchema,
  /** sha-256 in hex of the canonical JSON of `definition`. */
  hash: z.string().length(64),
  /** `new`: nobody has looked at it; `changed`: the server says something else now, held until reviewed; `missing`: the server no longer lists it. */
  status: z.enum(['new', 'on', 'off', 'changed', 'missing']),
  is_enabled: z.boolean(),
  risk: riskLevelSchema.nullable(),
  effect: toolEffectSchema.nullable(),
  /** From the annotations; without any HIGH and external. */
  proposed_risk: riskLevelSchema,
  proposed_effect: toolEffectSchema,
  /** What the server says now, where it differs from what was reviewed. */
  pending: z.strictObject({ definition: mcpDefinitionSchema, hash: z.string().length(64), found_at: timestampSchema }).nullable(),
  used_by_agents: usedByAgentsSchema,
  reviewed_at: timestampSchema.nullable(),
  reviewed_by: z.string().nullable(),
});
export type McpTool = z.infer<typeof mcpToolSchema>;

/** A review of one tool: on or off, with risk and effect, for the definition of this hash (the pending one where there is one), else MCP_TOOL_CHANGED. */
export const reviewMcpToolBodySchema = z.strictObject({ hash: z.string().length(64), is_enabled: z.boolean(), risk: riskLevelSchema, effect: toolEffectSchema });
export type ReviewMcpToolBody = z.infer<typeof reviewMcpToolBodySchema>;

export const mcpServerSchema = z.strictObject({
  id: idSchema,
  name: z.string(),
  slug: mcpSlugSchema,
  transport: mcpTransportSchema,
  timeout_seconds: z.number().int(),
  is_enabled: z.boolean(),
  state: z.enum(['untested', 'healthy', 'failing', 'off']),
  /** As the server named itself on the last connection. */
  server: z.strictObject({ name: z.string(), version: z.string(), protocol_version: z.string() }).nullable(),
  last_test: stagedTestSchema.nullable(),
  tools: z.array(mcpToolSchema),
  /** Tools that are new or changed. */
  to_review: z.number().int(),
  used_by_agents: usedByAgentsSchema,
  version: z.number().int().positive(),
  updated_at: timestampSchema,
  updated_by: z.string().nullable(),
});
export type McpServer = z.infer<typeof mcpServerSchema>;
export const mcpServersResponseSchema = z.strictObject({
  items: z.array(mcpServerSchema),
  /** Whether servers may be started as programs here (MCP_STDIO). */
  allows_stdio: z.boolean(),
});
/** A test before saving: how it went and which tools were found. */
export const mcpDraftTestSchema = z.strictObject({ test: stagedTestSchema, tools: z.array(z.strictObject({ definition: mcpDefinitionSchema, proposed_risk: riskLevelSchema, proposed_effect: toolEffectSchema })) });
export type McpDraftTest = z.infer<typeof mcpDraftTestSchema>;
