import { type ExpressionBuilder, type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { AgentDefinition } from '../../contracts/agents.ts';
import type { RunPhase } from '../../contracts/runs.ts';
import type { Database } from '../database.ts';
import { toLikeText } from '../like-text.ts';
import { toJsonb, toStorableText } from '../storable.ts';
import type { AgentsTable } from '../tables/agents.table.ts';

export type AgentRow = Selectable<AgentsTable>;
/** An agent with its current version; `creator` is the name of whoever made it. */
export type AgentWithDefinition = AgentRow & { definition: AgentDefinition; creator: string | null };
export interface AgentVersionRow {
  agent_id: string;
  version: number;
  name: string;
  definition: AgentDefinition;
  creator: string | null;
  created_at: Date;
}

/** Adds an agent; returns undefined when another agent that is not deleted has the name, whatever its case. */
export async function insertAgent(trx: Kysely<Database>, agent: { id: string; name: string; isDemo: boolean; createdBy: string | null }): Promise<AgentRow | undefined> {
  return trx
    .insertInto('agents')
    .values({ id: agent.id, name: toStorableText(agent.name), current_version: 1, is_demo: agent.isDemo, created_by: agent.createdBy })
    .onConflict((conflict) => conflict.expression(sql`lower(name)`).where('deleted_at', 'is', null).doNothing())
    .returningAll()
    .executeTakeFirst();
}

export async function insertAgentVersion(
  trx: Kysely<Database>,
  version: { agentId: string; version: number; name: string; definition: AgentDefinition; createdBy: string | null },
): Promise<void> {
  await trx
    .insertInto('agent_versions')
    .values({ agent_id: version.agentId, version: version.version, name: toStorableText(version.name), definition: toJsonb(version.definition), created_by: version.createdBy })
    .execute();
}

const withDefinition = (db: Kysely<Database>) =>
  db
    .selectFrom('agents')
    .innerJoin('agent_versions', (join) => join.onRef('agent_versions.agent_id', '=', 'agents.id').onRef('agent_versions.version', '=', 'agents.current_version'))
    .leftJoin('users', 'users.id', 'agents.created_by')
    .selectAll('agents')
    .select(['agent_versions.definition', 'users.name as creator']);

/** An agent that is not deleted. */
export async function findAgent(db: Kysely<Database>, agentId: string): Promise<AgentWithDefinition | undefined> {
  return withDefinition(db).where('agents.id', '=', agentId).where('agents.deleted_at', 'is', null).executeTakeFirst();
}

/** An agent that is not deleted, held until the transaction ends. */
export async function lockAgent(trx: Transaction<Database>, agentId: string): Promise<AgentWithDefinition | undefined> {
  const row = await trx.selectFrom('agents').select('id').where('id', '=', agentId).where('deleted_at', 'is', null).forNoKeyUpdate().executeTakeFirst();
  return row === undefined ? undefined : findAgent(trx, agentId);
}

/** Whether any demo agent was ever made, deleted ones included. */
export async function hasDemoAgentEverExisted(db: Kysely<Database>): Promise<boolean> {
  return (await db.selectFrom('agents').select('id').where('is_demo', '=', true).limit(1).executeTakeFirst()) !== undefined;
}

/** Another agent that is not deleted and has this name, whatever its case. */
export async function findAgentIdByName(db: Kysely<Database>, name: string): Promise<string | undefined> {
  return (await db.selectFrom('agents').select('id').where(sql`lower(name)`, '=', sql`lower(${toStorableText(name)})`).where('deleted_at', 'is', null).executeTakeFirst())?.id;
}

/** Points an agent at another version. */
export async function updateAgentVersion(trx: Kysely<Database>, agentId: string, current: { name: string; version: number }): Promise<void> {
  await trx.updateTable('agents').set({ name: toStorableText(current.name), current_version: current.version, updated_at: new Date() }).where('id', '=', agentId).execute();
}

/** Takes an agent off the lists; its versions, runs and memory stay readable. */
export async function markAgentDeleted(trx: Kysely<Database>, agentId: string): Promise<void> {
  const now = new Date();
  await trx.updateTable('agents').set({ deleted_at: now, updated_at: now }).where('id', '=', agentId).execute();
}

export interface AgentFilter {
  beforeId?: string | undefined;
  /** Part of name or purpose. */
  text?: string | undefined;
  llmModel?: string | undefined;
  tool?: string | undefined;
  limit: number;
}

type Joined = ExpressionBuilder<Database, 'agents' | 'agent_versions'>;
const matchesText = (text: string) => (eb: Joined) => {
  const pattern = `%${toLikeText(text)}%`;
  return eb.or([eb('agents.name', 'ilike', pattern), eb(sql<string>`agent_versions.definition ->> 'purpose'`, 'ilike', pattern)]);
};

/** Agents that are not deleted, newest first. */
export async function listAgentRows(db: Kysely<Database>, filter: AgentFilter): Promise<AgentWithDefinition[]> {
  let query = withDefinition(db).where('agents.deleted_at', 'is', null).orderBy('agents.id', 'desc').limit(filter.limit);
  if (filter.beforeId !== undefined) query = query.where('agents.id', '<', filter.beforeId);
  if (filter.llmModel !== undefined) query = query.where(sql`agent_versions.definition ->> 'llm_model'`, '=', filter.llmModel);
  if (filter.tool !== undefined) query = query.where(sql<boolean>`agent_versions.definition -> 'tools' ? ${filter.tool}`);
  if (filter.text !== undefined && filter.text !== '') query = query.where((eb) => matchesText(filter.text as string)(eb as unknown as Joined));
  return query.execute();
}

/** Versions of an agent, newest first. */
export async function listAgentVersionRows(db: Kysely<Database>, options: { agentId: string; beforeVersion?: number | undefined; limit: number }): Promise<AgentVersionRow[]> {
  let query = db
    .selectFrom('agent_versions')
    .leftJoin('users', 'users.id', 'agent_versions.created_by')
    .select(['agent_versions.agent_id', 'agent_versions.version', 'agent_versions.name', 'agent_versions.definition', 'agent_versions.created_at', 'users.name as creator'])
    .where('agent_versions.agent_id', '=', options.agentId)
    .orderBy('agent_versions.version', 'desc')
    .limit(options.limit);
  if (options.beforeVersion !== undefined) query = query.where('agent_versions.version', '<', options.beforeVersion);
  return query.execute();
}

/** Runs of an agent that have not ended, oldest first. */
export async function listOpenRunIds(db: Kysely<Database>, agentId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('runs')
    .select('id')
    .where('agent_id', '=', agentId)
    .where('phase', 'in', ['queued', 'running', 'waiting_for_approval', 'paused'])
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

export interface AgentStatsRow {
  runs: number;
  completed: number;
  failed: number;
  cost_micro_usd: number;
  runs_with_unknown_cost: number;
  waiting: number;
  last_run: { id: string; phase: RunPhase; created_at: Date } | undefined;
}

/** Figures of several agents' runs since `since`, and how many wait now: two queries, however many agents. */
export async function getAgentStats(db: Kysely<Database>, agentIds: readonly string[], since: Date): Promise<Map<string, AgentStatsRow>> {
  if (agentIds.length === 0) return new Map();
  const ids = sql`${agentIds}::uuid[]`;
  const figures = await sql<Omit<AgentStatsRow, 'last_run'> & { agent_id: string }>`
    select agent_id,
      count(*) filter (where created_at >= ${since}) as runs,
      count(*) filter (where created_at >= ${since} and phase = 'completed') as completed,
      count(*) filter (where created_at >= ${since} and phase in ('failed', 'timed_out')) as failed,
      coalesce(sum(cost_micro_usd) filter (where created_at >= ${since}), 0)::bigint as cost_micro_usd,
      count(*) filter (where created_at >= ${since} and has_unknown_cost) as runs_with_unknown_cost,
      count(*) filter (where phase = 'waiting_for_approval') as waiting
    from runs where agent_id = any(${ids}) and (created_at >= ${since} or phase = 'waiting_for_approval')
    group by agent_id`.execute(db);
  const last = await sql<{ agent_id: string; id: string; phase: RunPhase; created_at: Date }>`
    select r.agent_id, r.id, r.phase, r.created_at from unnest(${ids}) as wanted (id)
    cross join lateral (select agent_id, id, phase, created_at from runs where agent_id = wanted.id order by created_at desc, id desc limit 1) r`.execute(db);
  const lastOf = new Map(last.rows.map((row) => [row.agent_id, row]));
  const figuresOf = new Map(figures.rows.map(({ agent_id, ...row }) => [agent_id, row]));
  const none = { runs: 0, completed: 0, failed: 0, cost_micro_usd: 0, runs_with_unknown_cost: 0, waiting: 0 };
  return new Map(agentIds.map((id) => [id, { ...(figuresOf.get(id) ?? none), last_run: lastOf.get(id) }]));
}

/** How many agents that are not deleted use each model provider and each tool, and how many there are. */
export async function countAgentUses(db: Kysely<Database>): Promise<{ agents: number; byProvider: Map<string, number>; byTool: Map<string, number> }> {
  const current = sql`agents a join agent_versions v on v.agent_id = a.id and v.version = a.current_version where a.deleted_at is null`;
  const { rows } = await sql<{ kind: 'provider' | 'tool'; name: string; count: number }>`
    select 'provider' as kind, v.definition ->> 'llm_provider' as name, count(*) as count from ${current} group by 2
    union all
    select 'tool', tool, count(*) from (select jsonb_array_elements_text(v.definition -> 'tools') as tool from ${current}) uses group by 2`.execute(db);
  const of = (kind: string) => new Map(rows.filter((row) => row.kind === kind).map((row) => [row.name, row.count]));
  const byProvider = of('provider');
  return { agents: [...byProvider.values()].reduce((sum, count) => sum + count, 0), byProvider, byTool: of('tool') };
}

/** Which agents were given each tool in their current version, by name of the tool. */
export async function listToolUses(db: Kysely<Database>): Promise<Map<string, { id: string; name: string }[]>> {
  const { rows } = await sql<{ tool: string; agents: { id: string; name: string }[] }>`
    select tool, jsonb_agg(jsonb_build_object('id', id, 'name', name) order by lower(name), id) as agents
    from (select a.id, a.name, jsonb_array_elements_text(v.definition -> 'tools') as tool
      from agents a join agent_versions v on v.agent_id = a.id and v.version = a.current_version where a.deleted_at is null) uses
    group by tool`.execute(db);
  return new Map(rows.map(({ tool, agents }) => [tool, agents]));
}
