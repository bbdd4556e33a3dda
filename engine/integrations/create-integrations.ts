import type { Kysely } from 'kysely';
import type { Integration } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import { countAgentUses } from '../../db/repositories/agents.repository.ts';
import type { Config } from '../../platform/config.ts';
import { createFreshValue } from '../../platform/fresh-value.ts';
import type { SecretBox } from '../../platform/secret-box.ts';
import type { Memory } from '../memory/index.ts';
import type { AgentRuns } from '../runs/index.ts';
import { listConfiguredDataSources, loadDataSources, type ToolCatalogue } from '../tools/index.ts';
import { type Probe, runProbe } from './check.ts';
import { listTools } from './list-tools.ts';
import { listMcpProbes } from './mcp-servers/mcp-probes.ts';
import { listModelProviderProbes } from './model-provider-probes.ts';
import { listDataSourceProbes, listFoundationProbes, listMemoryProbes, toEmailProbe } from './service-probes.ts';

export interface IntegrationDeps {
  db: Kysely<Database>;
  /** Opens the keys of connections, to ask their servers. */
  secretBox: SecretBox;
  tools: Pick<ToolCatalogue, 'current'>;
  memory: Pick<Memory, 'vectorStore' | 'embeddings'>;
  agentRuns: Pick<AgentRuns, 'ping'>;
  config: Pick<Config, 'llm' | 'memory' | 'mail' | 'tools' | 'temporal' | 'database'>;
}

/** Everything Maestro is connected to. */
export interface Integrations {
  /** State of all connections, at most 15 seconds old; however many ask at once, each is checked once. Never rejects. */
  list(): Promise<Integration[]>;
  /** The connections to models among them, at most 45 seconds old. Never rejects; empty while the database is away. */
  modelProviders(): Promise<Integration[]>;
}

const freshMs = 15_000;
/** Servers of models are asked less often for the dashboard, which is open all day. */
const freshProvidersMs = 45_000;
const noUses = { agents: 0, byTool: new Map<string, number>() };

/** With the database away nothing is known of connections. */
const listProviderProbes = (deps: IntegrationDeps): Promise<Probe[]> => listModelProviderProbes(deps).catch(() => []);

async function checkAll(deps: IntegrationDeps): Promise<Integration[]> {
  const { db, config } = deps;
  // With the database away its own line says so; the others are worth showing all the same.
  const uses = await countAgentUses(db).catch(() => noUses);
  const probes: Probe[] = [
    ...(await listProviderProbes(deps)),
    ...listMemoryProbes(deps, uses.agents),
    toEmailProbe(config.mail, uses.byTool.get('send_email') ?? 0),
    ...listDataSourceProbes(await loadDataSources(deps).catch(() => listConfiguredDataSources(config)), uses.byTool.get('run_sql') ?? 0),
    ...(await listMcpProbes(deps).catch(() => [])),
    ...listFoundationProbes(deps, uses.agents),
  ];
  const connections = await Promise.all(probes.map(runProbe));
  // What a tool is made of stands in the database too: while that is away there is no line of it.
  const registry = await deps.tools.current().catch(() => undefined);
  const tools = registry === undefined ? [] : await listTools({ tools: registry }, connections, uses.byTool);
  const firstService = connections.findIndex((connection) => connection.kind === 'email');
  return [...connections.slice(0, firstService), ...tools, ...connections.slice(firstService)];
}

/** @param now milliseconds, default the wall clock. */
export function createIntegrations(deps: IntegrationDeps, now: () => number = Date.now): Integrations {
  const all = createFreshValue(() => checkAll(deps), freshMs, now);
  const providers = createFreshValue(async () => Promise.all((await listProviderProbes(deps)).map(runProbe)), freshProvidersMs, now);
  return { list: () => all.current(), modelProviders: () => providers.current() };
}
