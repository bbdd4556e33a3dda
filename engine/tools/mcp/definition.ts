import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { McpDefinition } from '../../../contracts/mcp-servers.ts';
import type { RiskLevel, ToolEffect } from '../../../contracts/tools.ts';
import { toJsonb } from '../../../db/storable.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { jsonDepth, maxJsonDepth } from '../../../platform/json-depth.ts';

/** Bytes of one definition, as JSON. */
const maxDefinitionBytes = 64_000;

const hint = z.boolean().optional().catch(undefined);
/** What a tool must have to be one; hints of the wrong type are no hints. */
const listedToolSchema = z.looseObject({
  name: z.string().min(1).max(200),
  title: z.string().optional().catch(undefined),
  description: z.string().optional().catch(undefined),
  inputSchema: z.record(z.string(), z.unknown()),
  outputSchema: z.record(z.string(), z.unknown()).optional().catch(undefined),
  annotations: z.looseObject({ title: z.string().optional().catch(undefined), readOnlyHint: hint, destructiveHint: hint, idempotentHint: hint, openWorldHint: hint }).optional().catch(undefined),
});

type Reading = { ok: true; definition: McpDefinition } | { ok: false; problem: string };

const shown = (tool: unknown): string => {
  const name = (tool as { name?: unknown } | null)?.name;
  return typeof name === 'string' && name !== '' ? `"${name.slice(0, 100)}"` : 'A tool without a name';
};

/** Reads what a server lists as a tool: text that can be stored, bounded, nothing that was not asked for; else why it is left out. */
export function readListedTool(listed: unknown): Reading {
  let text: string;
  try {
    text = toJsonb(listed);
  } catch {
    return { ok: false, problem: `${shown(listed)} was left out: its definition nests without end.` };
  }
  if (Buffer.byteLength(text) > maxDefinitionBytes) return { ok: false, problem: `${shown(listed)} was left out: its definition is larger than ${maxDefinitionBytes / 1_000} kB.` };
  if (jsonDepth(text) > maxJsonDepth) return { ok: false, problem: `${shown(listed)} was left out: its definition nests deeper than ${maxJsonDepth} levels.` };
  const parsed = listedToolSchema.safeParse(JSON.parse(text));
  if (!parsed.success) return { ok: false, problem: `${shown(listed)} was left out: ${parsed.error.issues.slice(0, 3).map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}.` };
  const { name, title, description, inputSchema, outputSchema, annotations } = parsed.data;
  return {
    ok: true,
    definition: {
      name, title: title ?? annotations?.title ?? null, description: description ?? '',
      input_schema: inputSchema as McpDefinition['input_schema'], output_schema: (outputSchema as McpDefinition['output_schema'] | undefined) ?? null,
      annotations: {
        read_only: annotations?.readOnlyHint ?? null, destructive: annotations?.destructiveHint ?? null,
        idempotent: annotations?.idempotentHint ?? null, open_world: annotations?.openWorldHint ?? null,
      },
    },
  };
}

/** What a definition is pinned by: sha-256 in hex of its canonical JSON. */
export const hashDefinition = (definition: McpDefinition): string => hashJson(definition);

/**
 * A review to start from. Hints are the server's own word, so that whatever they leave open counts as the worse.
 * @see https://modelcontextprotocol.io/specification/2025-11-25/schema#toolannotations
 */
export function proposeReview({ read_only: isReadOnly, destructive: isDestructive, idempotent: isIdempotent, open_world: isOpenWorld }: McpDefinition['annotations']): { risk: RiskLevel; effect: ToolEffect } {
  if (isReadOnly === true) return { risk: isOpenWorld === false ? 'LOW' : 'MEDIUM', effect: 'none' };
  if (isDestructive === false && isIdempotent === true) return { risk: 'MEDIUM', effect: 'idempotent' };
  return { risk: 'HIGH', effect: 'external' };
}

const maxNameLength = 64;

/**
 * The name a tool of a server is registered under: `mcp_<slug>_<tool>`, with what models' providers do not take replaced and the rest cut.
 * A name that had to be changed, or is in `taken`, ends in a hash of the tool's own, so that two never become one.
 */
export function toRegisteredName(slug: string, toolName: string, taken: { has(name: string): boolean } = new Set()): string {
  const plain = `mcp_${slug}_${toolName}`;
  if (/^[A-Za-z0-9_-]+$/.test(plain) && plain.length <= maxNameLength && !taken.has(plain)) return plain;
  const digest = createHash('sha256').update(toolName).digest('hex');
  const withHash = (length: number): string => `${plain.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, maxNameLength - length - 1)}_${digest.slice(0, length)}`;
  return taken.has(withHash(8)) ? withHash(32) : withHash(8);
}
