import type { Kysely } from 'kysely';
import { z } from 'zod';
import { AppError, type FieldIssue } from '../../../contracts/errors.ts';
import type { ToolSettings, UpdateToolSettingsBody } from '../../../contracts/tool-settings.ts';
import type { Database } from '../../../db/database.ts';
import { listToolUses } from '../../../db/repositories/agents.repository.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { listToolSettings, lockToolSettings, type NewToolSettings, type ToolSettingsRow, upsertToolSettings } from '../../../db/repositories/tool-settings.repository.ts';
import { countRunningCalls } from '../../../db/repositories/tool-turns.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { builtInTools, type ToolCatalogue } from '../../tools/index.ts';

interface Deps {
  db: Kysely<Database>;
  tools: ToolCatalogue;
}

const settingsSchemaOf = (toolName: string): z.ZodObject | null => builtInTools.find(({ name }) => name === toolName)?.settingsSchema ?? null;

const toOptionsSchema = (schema: z.ZodObject): ToolSettings['options_schema'] => {
  const { $schema: _dialect, ...jsonSchema } = z.toJSONSchema(schema, { io: 'input' });
  return jsonSchema as ToolSettings['options_schema'];
};

/** Settings with the defaults filled in. Stored ones that no longer fit are shown as the defaults, which is what counts then. */
function toOptions(schema: z.ZodObject, stored: unknown): ToolSettings['options'] {
  const parsed = schema.safeParse(stored ?? {});
  return (parsed.success ? parsed.data : schema.parse({})) as ToolSettings['options'];
}

/** The tools an agent can be given and how each is set up, in the order of the catalogue. */
export async function listToolsWithSettings({ db, tools }: Deps): Promise<ToolSettings[]> {
  const registry = await tools.current();
  const [rows, running, uses] = await Promise.all([listToolSettings(db), countRunningCalls(db), listToolUses(db)]);
  return registry.describe().map((entry): ToolSettings => {
    const row = rows.get(entry.name);
    const schema = settingsSchemaOf(entry.name);
    return {
      name: entry.name, description: entry.description, mcp_server: entry.mcp_server, default_risk: entry.default_risk, effect: entry.effect, is_enabled: row?.is_enabled ?? true,
      is_configured: entry.is_configured, configuration_hint: entry.configuration_hint, timeout_seconds: row?.timeout_seconds ?? null,
      default_timeout_seconds: Math.ceil(registry.get(entry.name).timeoutMs / 1_000), max_concurrent: row?.max_concurrent ?? null, calls_per_minute: row?.calls_per_minute ?? null,
      running: running.get(entry.name) ?? 0, options: schema === null ? null : toOptions(schema, row?.options), options_schema: schema === null ? null : toOptionsSchema(schema),
      used_by_agents: uses.get(entry.name) ?? [], version: row?.version ?? 0, updated_at: row?.updated_at.toISOString() ?? null, updated_by: row?.editor ?? null,
    };
  });
}

/** Reads the tool's own settings as they are kept; each field that does not fit is an issue of `options.<field>`. */
function readOptions(toolName: string, options: Record<string, unknown>): Record<string, unknown> {
  const schema = settingsSchemaOf(toolName);
  if (schema === null) throw new AppError('VALIDATION_FAILED', undefined, { details: { issues: [{ path: 'options', message: 'This tool has no settings of its own.' }] } });
  const parsed = schema.safeParse(options);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.flatMap((issue): FieldIssue[] =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: `options.${key}`, message: 'There is no such setting.' })) : [{ path: ['options', ...issue.path].join('.'), message: issue.message }]);
  throw new AppError('VALIDATION_FAILED', undefined, { details: { issues } });
}

const untouched = { is_enabled: true, timeout_seconds: null, max_concurrent: null, calls_per_minute: null, options: null, version: 0 } satisfies Partial<ToolSettingsRow>;
type Kept = Pick<ToolSettingsRow, Exclude<keyof typeof untouched, 'version'>>;
const toKept = ({ is_enabled, timeout_seconds, max_concurrent, calls_per_minute, options }: Kept): Kept => ({ is_enabled, timeout_seconds, max_concurrent, calls_per_minute, options });

/**
 * Switches a tool on or off, limits it, or sets it up; counts for the next call everywhere within two seconds. A change that changes
 * nothing makes no version. Throws TOOL_UNKNOWN, TOOL_SETTINGS_CHANGED and VALIDATION_FAILED.
 */
export async function updateToolSettings({ db, tools }: Deps, { toolName, body, actor }: { toolName: string; body: UpdateToolSettingsBody; actor: Actor }): Promise<ToolSettings> {
  tools.forget();
  const registry = await tools.current();
  if (!registry.describe().some(({ name }) => name === toolName)) throw new AppError('TOOL_UNKNOWN', `There is no tool "${toolName}".`);
  const { version: expected, ...changes } = body;
  const options = changes.options === undefined ? undefined : readOptions(toolName, changes.options);
  await db.transaction().execute(async (trx) => {
    const current = (await lockToolSettings(trx, toolName)) ?? untouched;
    if (current.version !== expected) throw new AppError('TOOL_SETTINGS_CHANGED', undefined, { details: { version: current.version } });
    const given = Object.fromEntries(Object.entries({ ...changes, options }).filter(([, value]) => value !== undefined));
    const next = toKept({ ...current, ...given });
    if (hashJson(toKept(current)) === hashJson(next)) return;
    const row: NewToolSettings = {
      toolName, isEnabled: next.is_enabled, timeoutSeconds: next.timeout_seconds, maxConcurrent: next.max_concurrent, callsPerMinute: next.calls_per_minute, options: next.options,
      version: current.version + 1, updatedBy: actor.userId,
    };
    await upsertToolSettings(trx, row);
    await insertConnectionChange(trx, `tool:${toolName}`, 'updated');
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'tool.update', objectType: 'tool', objectId: toolName, before: toKept(current), after: next,
    });
  });
  tools.forget();
  const updated = (await listToolsWithSettings({ db, tools })).find(({ name }) => name === toolName);
  if (updated === undefined) throw new AppError('TOOL_UNKNOWN', `There is no tool "${toolName}".`);
  return updated;
}
