import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';
import type { RecalledText } from '../tables/runs.table.ts';

/** Who acts, as the pinned version of the agent says. */
export interface AgentCircumstances {
  agent_id: string;
  name: string;
  version: number;
  tags: string[];
  /** E-mail address of whoever made the agent. */
  owner: string | null;
}

/** What a run did, and had read, before one of its calls. */
export interface CallCircumstances extends AgentCircumstances {
  run_id: string;
  iterations: number;
  tokens: number;
  cost_micro_usd: number;
  has_unknown_cost: boolean;
  tool_calls: number;
  calls_of_tool: number;
  /** Outcomes the run had when the turn of the call began, newest first. Calls that were refused have none: what the model reads of them is a person's word or Maestro's. */
  outcomes: ReadOutcome[];
  /** What the run was given of the agent's memory. */
  recalled: RecalledText[];
}

/** What a call of a run came to, as the run has read it: a result, by the name its content has (see contents.repository.ts), or an error. */
export interface ReadOutcome {
  tool_name: string;
  /** Other tools whose results or files the call was handed as they are. */
  handed_over: string[];
  /** How later calls name it instead of copying it: the id of the call as the model knows it, ids and names of the files it made. */
  names: string[];
  content: { hash: string; bytes: number } | null;
  /** The beginning of what a failed call says. */
  error: string | null;
}

const tagsOf = sql<string[]>`coalesce(v.definition -> 'tags', '[]')`;

/** The circumstances of a recorded call: calls of earlier turns, and those that stand before it in its own, count as made. Of errors `errorCharacters`. */
export async function findCallCircumstances(db: Kysely<Database>, toolCallId: string, errorCharacters: number): Promise<CallCircumstances | undefined> {
  const { rows } = await sql<CallCircumstances>`
    select r.id as run_id, r.agent_id, v.name, r.agent_version as version, ${tagsOf} as tags, u.email as owner,
      r.iterations, r.input_tokens + r.output_tokens as tokens, r.cost_micro_usd, r.has_unknown_cost, counted.tool_calls, counted.calls_of_tool,
      coalesce((select m.recalled from messages m where m.run_id = r.id and m.recalled is not null limit 1), '[]') as recalled,
      coalesce((
        select jsonb_agg(jsonb_build_object(
          'tool_name', e.tool_name,
          'error', case when e.state = 'failed' then left(e.error ->> 'message', ${errorCharacters}) end,
          'content', case when t.hash is not null then jsonb_build_object('hash', t.hash, 'bytes', t.bytes) end,
          'handed_over', coalesce((select jsonb_agg(distinct tool) from safety_checks s, jsonb_path_query(s.facts, '$.taint.handed_over[*]') tool where s.tool_call_id = e.id), '[]'),
          'names', jsonb_build_array(e.provider_call_id) || coalesce((select jsonb_agg(f.id) || jsonb_agg(f.name) from run_files f where f.run_id = e.run_id and f.tool_call_id = e.id), '[]')
        ) order by e.iteration desc, e.position desc)
        from tool_calls e left join contents t on t.hash = e.output_ref
        where e.run_id = c.run_id and e.iteration < c.iteration and (e.output_ref is not null or e.state = 'failed')
      ), '[]') as outcomes
    from tool_calls c
    join runs r on r.id = c.run_id
    join agents a on a.id = r.agent_id
    join agent_versions v on v.agent_id = r.agent_id and v.version = r.agent_version
    left join users u on u.id = a.created_by
    cross join lateral (
      select count(*) as tool_calls, count(*) filter (where e.tool_name = c.tool_name) as calls_of_tool
      from tool_calls e where e.run_id = c.run_id and (e.iteration, e.position) < (c.iteration, c.position)
    ) counted
    where c.id = ${toolCallId}`.execute(db);
  return rows[0];
}

/** An agent in its current version, deleted ones left out. */
export async function findAgentOfCircumstances(db: Kysely<Database>, agentId: string): Promise<AgentCircumstances | undefined> {
  const { rows } = await sql<AgentCircumstances>`
    select a.id as agent_id, v.name, v.version, ${tagsOf} as tags, u.email as owner
    from agents a
    join agent_versions v on v.agent_id = a.id and v.version = a.current_version
    left join users u on u.id = a.created_by
    where a.id = ${agentId} and a.deleted_at is null`.execute(db);
  return rows[0];
}

/** The beginnings of contents as JSON text, by hash. */
export async function findContentBeginnings(db: Kysely<Database>, hashes: readonly string[], characters: number): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<{ hash: string; text: string }>`select hash, left(body::text, ${characters}) as text from contents where hash = any(${[...hashes]}::text[])`.execute(db);
  return new Map(rows.map(({ hash, text }) => [hash, text]));
}
