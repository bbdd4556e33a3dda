import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Agent, AgentVersion, ListAgentsQuery } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Page, PageQuery } from '../../contracts/pagination.ts';
import type { Database } from '../../db/database.ts';
import {
  type AgentStatsRow, type AgentVersionRow, type AgentWithDefinition, findAgent, getAgentStats, listAgentRows, listAgentVersionRows,
} from '../../db/repositories/agents.repository.ts';
import { parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';

interface Deps {
  db: Kysely<Database>;
}

const week = 7 * 24 * 3600 * 1000;
const statsOf = ({ db }: Deps, agentIds: readonly string[]): Promise<Map<string, AgentStatsRow>> => getAgentStats(db, agentIds, new Date(Date.now() - week));

const toStats = (row: AgentStatsRow): Agent['stats'] => {
  // A run that somebody cancelled says nothing about the agent.
  const ended = row.completed + row.failed;
  return {
    runs_7d: row.runs,
    success_rate_7d: ended === 0 ? null : row.completed / ended,
    cost_micro_usd_7d: row.runs_with_unknown_cost > 0 ? null : row.cost_micro_usd,
    waiting: row.waiting,
    last_run: row.last_run === undefined ? null : { run_id: row.last_run.id, status: row.last_run.phase, created_at: row.last_run.created_at.toISOString() },
  };
};

const toAgent = (row: AgentWithDefinition, stats: AgentStatsRow): Agent => ({
  id: row.id,
  status: row.deleted_at === null ? 'ready' : 'deleted',
  name: row.name,
  version: row.current_version,
  ...row.definition,
  is_demo: row.is_demo,
  created_by: row.creator,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  stats: toStats(stats),
});

/** One agent with figures of its last seven days. Throws AGENT_NOT_FOUND, for deleted ones too. */
export async function getAgent(deps: Deps, agentId: string): Promise<Agent> {
  const row = await findAgent(deps.db, agentId);
  if (row === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
  return toAgent(row, (await statsOf(deps, [agentId])).get(agentId) as AgentStatsRow);
}

/** Agents, newest first. Throws CURSOR_INVALID. */
export async function listAgents(deps: Deps, query: ListAgentsQuery): Promise<Page<Agent>> {
  const beforeId = parsePageCursor(z.uuid(), query.cursor);
  const rows = await listAgentRows(deps.db, { beforeId, text: query.text?.trim(), llmModel: query.llm_model, tool: query.tool, limit: query.limit + 1 });
  const stats = await statsOf(deps, rows.slice(0, query.limit).map((row) => row.id));
  return toPage(rows, { limit: query.limit, keyOf: (row) => row.id, toItem: (row) => toAgent(row, stats.get(row.id) as AgentStatsRow) });
}

const toVersion = (row: AgentVersionRow): AgentVersion => ({
  agent_id: row.agent_id,
  version: row.version,
  name: row.name,
  ...row.definition,
  created_by: row.creator,
  created_at: row.created_at.toISOString(),
});

/** All versions of an agent, newest first. Throws AGENT_NOT_FOUND and CURSOR_INVALID. */
export async function listAgentVersions({ db }: Deps, { agentId, query }: { agentId: string; query: PageQuery }): Promise<Page<AgentVersion>> {
  const beforeVersion = parsePageCursor(z.int32().positive(), query.cursor);
  if ((await findAgent(db, agentId)) === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
  const rows = await listAgentVersionRows(db, { agentId, beforeVersion, limit: query.limit + 1 });
  return toPage(rows, { limit: query.limit, keyOf: (row) => row.version, toItem: toVersion });
}
