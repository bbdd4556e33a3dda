import type { Kysely } from 'kysely';
import type { Database } from '../../db/database.ts';
import { listSecretRows } from '../../db/repositories/secrets.repository.ts';
import { findToolSetupVersion, listToolSettings } from '../../db/repositories/tool-settings.repository.ts';
import type { Config } from '../../platform/config.ts';
import { createFreshValue, onlyWhenChanged } from '../../platform/fresh-value.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import type { Secrets } from '../secrets/index.ts';
import { type BuiltInToolDeps, builtInTools } from './built-in-tools.ts';
import { createMcpTool, loadMcpTools, type McpSessions } from './mcp/index.ts';
import { createToolRegistry, type ToolRegistry, type ToolSetup } from './registry.ts';
import { loadDataSources } from './run-sql/index.ts';
import type { Tool } from './tool.ts';

export interface ToolCatalogueDeps extends Pick<BuiltInToolDeps, 'sandbox' | 'findDelivered'> {
  db: Kysely<Database>;
  config: Pick<Config, 'tools' | 'mail' | 'database'>;
  secretBox: SecretBox;
  secrets: Secrets;
  mcpSessions: McpSessions;
}

/** The tools as they are set up now; what admins change counts everywhere within two seconds. */
export interface ToolCatalogue {
  /**
   * Never call it inside a transaction: it may ask the database.
   * @param options.maxAgeMs how old the look may be, default 1,500; 0: what was changed before this call is seen.
   */
  current(options?: { maxAgeMs?: number }): Promise<ToolRegistry>;
  /** The next {@link current} of this process sees what was changed just now. */
  forget(): void;
}

const freshMs = 1_500;
/** A set-up that is said not to have changed is read again after this all the same: a database put back to an earlier moment counts its versions anew. */
const keepMs = 60_000;

/** A tool whose stored settings no longer fit falls back to their defaults and says so, rather than taking the others down. */
function createBuiltIn({ name, settingsSchema, create }: (typeof builtInTools)[number], deps: BuiltInToolDeps, stored: unknown): Tool {
  if (settingsSchema === null) return create(deps, null);
  const parsed = settingsSchema.safeParse(stored ?? {});
  if (parsed.success) return create(deps, parsed.data);
  return { ...create(deps, settingsSchema.parse({})), heldReason: `The settings of ${name} cannot be read any more; an admin has to save them again.` };
}

async function load({ db, config, secretBox, secrets, sandbox, findDelivered, mcpSessions }: ToolCatalogueDeps): Promise<ToolRegistry> {
  const [settings, dataSources, mcpTools, secretRows] = await Promise.all([listToolSettings(db), loadDataSources({ db, config, secretBox }), loadMcpTools(db), listSecretRows(db)]);
  const offeredSecrets = secretRows.filter(({ hosts }) => hosts.length > 0);
  const deps: BuiltInToolDeps = { config, sandbox, secrets, offeredSecrets, dataSources, ownDatabaseUrl: config.database.url, findDelivered };
  const setups = new Map<string, Partial<ToolSetup>>(mcpTools.filter(({ isEnabled }) => !isEnabled).map(({ registeredName }) => [registeredName, { isEnabled: false }]));
  for (const row of settings.values()) {
    setups.set(row.tool_name, {
      isEnabled: row.is_enabled && setups.get(row.tool_name)?.isEnabled !== false, maxConcurrent: row.max_concurrent, callsPerMinute: row.calls_per_minute,
      ...(row.timeout_seconds === null ? {} : { timeoutMs: row.timeout_seconds * 1_000 }),
    });
  }
  return createToolRegistry(
    [...builtInTools.map((tool) => createBuiltIn(tool, deps, settings.get(tool.name)?.options)), ...mcpTools.map((access) => createMcpTool(access, mcpSessions))],
    setups,
  );
}

/** @param now milliseconds, default the wall clock. */
export function createToolCatalogue(deps: ToolCatalogueDeps, now: () => number = Date.now): ToolCatalogue {
  const registry = createFreshValue(onlyWhenChanged({ findVersion: () => findToolSetupVersion(deps.db), load: () => load(deps), keepMsOf: () => keepMs }, now), freshMs, now);
  return { current: ({ maxAgeMs } = {}) => registry.current(maxAgeMs), forget: registry.forget };
}
