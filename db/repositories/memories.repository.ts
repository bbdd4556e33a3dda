import { type Kysely, sql } from 'kysely';
import type { MemoryKind } from '../../contracts/memory.ts';
import type { Database } from '../database.ts';
import { toStorableText } from '../storable.ts';

export interface MemoryRow {
  id: string;
  agent_id: string;
  run_id: string | null;
  kind: MemoryKind;
  text: string;
  /** Names of the tools its text came from; null: not known. */
  came_from: string[] | null;
  indexed_as: string | null;
  created_at: Date;
  last_used_at: Date | null;
  /** The tool step it came from. */
  step_id: string | null;
}

export interface NewMemory {
  id: string;
  agentId: string;
  runId: string | null;
  toolCallId: string | null;
  kind: MemoryKind;
  text: string;
}

/** The tool of a call and those its arguments were copied from, as its checks say; null where none of them says. */
const toolsBehind = (toolCallId: string | null) => sql<string>`(
  select jsonb_agg(tool order by tool) from (
    select to_jsonb(tool_name) as tool from tool_calls where id = ${toolCallId}
    union select jsonb_path_query(facts, '$.taint.copied_from[*]') from safety_checks where tool_call_id = ${toolCallId}
  ) known where exists (select from safety_checks where tool_call_id = ${toolCallId} and facts ? 'taint')
)`;

/** Adds a memory with the tools it came from; false when this tool call is remembered already (a retried activity). */
export async function insertMemory(trx: Kysely<Database>, memory: NewMemory): Promise<boolean> {
  const row = await trx
    .insertInto('memories')
    .values({ id: memory.id, agent_id: memory.agentId, run_id: memory.runId, tool_call_id: memory.toolCallId, kind: memory.kind, text: toStorableText(memory.text), came_from: toolsBehind(memory.toolCallId), indexed_as: null })
    .onConflict((conflict) => conflict.column('tool_call_id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export interface MemoryFilter {
  agentId: string;
  kind?: MemoryKind | undefined;
  runId?: string | undefined;
  excludeRunId?: string | undefined;
}

const withSource = (db: Kysely<Database>, { agentId, kind, runId, excludeRunId }: MemoryFilter) => {
  let query = db
    .selectFrom('memories')
    .leftJoin('steps', (join) => join.onRef('steps.tool_call_id', '=', 'memories.tool_call_id').on('steps.kind', '=', 'tool'))
    .select(['memories.id', 'memories.agent_id', 'memories.run_id', 'memories.kind', 'memories.text', 'memories.came_from', 'memories.indexed_as', 'memories.created_at', 'memories.last_used_at', 'steps.id as step_id'])
    .where('memories.agent_id', '=', agentId);
  if (kind !== undefined) query = query.where('memories.kind', '=', kind);
  if (runId !== undefined) query = query.where('memories.run_id', '=', runId);
  if (excludeRunId !== undefined) query = query.where((eb) => eb.or([eb('memories.run_id', 'is', null), eb('memories.run_id', '<>', excludeRunId)]));
  return query;
};

/** Memories of an agent, newest first. */
export async function listMemoryRows(db: Kysely<Database>, filter: MemoryFilter & { beforeId?: string | undefined; limit: number }): Promise<MemoryRow[]> {
  let query = withSource(db, filter).orderBy('memories.id', 'desc').limit(filter.limit);
  if (filter.beforeId !== undefined) query = query.where('memories.id', '<', filter.beforeId);
  return query.execute();
}

/** Those of the named memories that are the agent's and pass the filter, in no order. */
export async function findMemoryRows(db: Kysely<Database>, filter: MemoryFilter & { ids: readonly string[] }): Promise<MemoryRow[]> {
  return filter.ids.length === 0 ? [] : withSource(db, filter).where('memories.id', 'in', [...filter.ids]).execute();
}

/** More words than these make a query no better. */
const maxQueryWords = 64;

/** Ids of an agent's memories that share words with a text, best first. Any word is enough: a goal is a sentence, not a query. */
export async function searchMemoryWords(db: Kysely<Database>, { agentId, text, limit }: { agentId: string; text: string; limit: number }): Promise<string[]> {
  // Words of one or two letters are in every text and say nothing.
  const { rows } = await sql<{ id: string }>`
    with words as (
      select string_agg('''' || replace(replace(lexeme, '\\', '\\\\'), '''', '''''') || '''', ' | ')::tsquery as query
      from (select lexeme from unnest(to_tsvector('simple', ${toStorableText(text)})) where octet_length(lexeme) > 2 or lexeme ~ '^[0-9]+$' order by octet_length(lexeme) desc limit ${maxQueryWords}) chosen
    )
    select m.id from memories m, words where m.agent_id = ${agentId} and m.search @@ words.query
    order by ts_rank_cd(m.search, words.query, 1) desc, m.id desc limit ${limit}`.execute(db);
  return rows.map((row) => row.id);
}

/** Notes that memories were given to an agent. */
export async function updateMemoriesUsed(db: Kysely<Database>, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.updateTable('memories').set({ last_used_at: new Date() }).where('id', 'in', [...ids]).execute();
}

/** Memories of an agent that are not in the index named, newest first. */
export async function listUnindexedMemories(db: Kysely<Database>, { agentId, indexedAs, limit }: { agentId: string; indexedAs: string; limit: number }): Promise<{ id: string; text: string }[]> {
  return db
    .selectFrom('memories')
    .select(['id', 'text'])
    .where('agent_id', '=', agentId)
    .where(sql<boolean>`indexed_as is distinct from ${indexedAs}`)
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

export async function updateMemoriesIndexed(db: Kysely<Database>, ids: readonly string[], indexedAs: string): Promise<void> {
  if (ids.length > 0) await db.updateTable('memories').set({ indexed_as: indexedAs }).where('id', 'in', [...ids]).execute();
}

/** Forgets one memory of an agent, its vector in this database with it; undefined when there is none. */
export async function deleteMemoryRow(trx: Kysely<Database>, { agentId, memoryId }: { agentId: string; memoryId: string }): Promise<{ kind: MemoryKind; run_id: string | null } | undefined> {
  return trx.deleteFrom('memories').where('id', '=', memoryId).where('agent_id', '=', agentId).returning(['kind', 'run_id']).executeTakeFirst();
}
