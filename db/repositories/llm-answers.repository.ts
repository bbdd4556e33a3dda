import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';

/** One moment for the whole statement. */
const now = sql<Date>`statement_timestamp()`;

export interface AskedAnswer {
  isLeader: boolean;
  kept: { answer: unknown; costMicroUsd: number | null } | undefined;
  /** Milliseconds until whoever asks loses the lead; null when nobody was seen to ask. */
  leaseLeftMs: number | null;
}

/**
 * Counts a use of the kept answer and returns it; or makes `leader` the one who asks, because no answer was kept, the one kept is too old or from before
 * its connection was changed, or whoever asked is gone; or tells how long the other who asks has the lead. `created_at` is when
 * the leader began to ask: an answer is as old as its question.
 */
export async function askForAnswer(db: Kysely<Database>, question: { key: string; agentId: string; connectionId: string; model: string; ttlSeconds: number; leader: string; leaseMs: number }): Promise<AskedAnswer> {
  const { key, leader } = question;
  const lease = sql<Date>`${now} + make_interval(secs => ${question.leaseMs / 1000})`;
  const isGood = sql<boolean>`(a.answer is not null and a.expires_at > ${now} and a.created_at > ${now} - make_interval(secs => ${question.ttlSeconds})
    and not exists (select from llm_connections c where c.id::text = a.connection_id and c.updated_at > a.created_at))`;
  const isAsked = sql<boolean>`(a.answer is null and a.lease_until > ${now} and a.leader <> ${leader})`;
  const { rows } = await sql<{ is_leader: boolean; is_kept: boolean; answer: unknown; cost_micro_usd: number | null; left_ms: number | null }>`
    with used as (
      update llm_answers a set hits = hits + 1, saved_micro_usd = saved_micro_usd + coalesce(cost_micro_usd, 0) where key = ${key} and ${isGood}
      returning answer, cost_micro_usd
    ), lead as (
      insert into llm_answers as a (key, agent_id, connection_id, model, leader, lease_until, expires_at, created_at)
      select ${key}, ${question.agentId}::uuid, ${question.connectionId}, ${question.model}, ${leader}, ${lease}, ${lease}, ${now}
      where not exists (select from used) and not exists (select from llm_answers a where a.key = ${key} and ${isAsked})
      on conflict (key) do update set agent_id = excluded.agent_id, answer = null, bytes = 0, cost_micro_usd = null, hits = 0, saved_micro_usd = 0,
        leader = excluded.leader, lease_until = excluded.lease_until, expires_at = excluded.expires_at, created_at = excluded.created_at
      where not ${isGood} and not ${isAsked}
      returning key
    )
    select exists (select from lead) as is_leader, exists (select from used) as is_kept, (select answer from used) as answer, (select cost_micro_usd from used) as cost_micro_usd,
      (select (1000 * extract(epoch from lease_until - ${now}))::float8 from llm_answers a where key = ${key} and ${isAsked}) as left_ms`.execute(db);
  const row = rows[0] as (typeof rows)[number];
  return { isLeader: row.is_leader, kept: row.is_kept ? { answer: row.answer, costMicroUsd: row.cost_micro_usd } : undefined, leaseLeftMs: row.left_ms };
}

/**
 * Keeps an answer where none is kept yet: the leader's, or one that comes late from a leader that had lost the lead while the next still
 * asks. Takes some of what is too old away, and questions whose leader is gone.
 */
export async function keepAnswer(db: Kysely<Database>, kept: { key: string; answer: string; bytes: number; costMicroUsd: number | null; ttlSeconds: number }): Promise<void> {
  await sql`
    with old as (
      select key from llm_answers where expires_at < ${now} - interval '1 minute' and key <> ${kept.key} order by expires_at limit 100 for update skip locked
    ), swept as (
      delete from llm_answers a using old where a.key = old.key
    )
    update llm_answers
    set answer = ${kept.answer}::jsonb, bytes = ${kept.bytes}::int, cost_micro_usd = ${kept.costMicroUsd}::bigint, leader = null, lease_until = null,
      expires_at = ${now} + make_interval(secs => ${kept.ttlSeconds})
    where key = ${kept.key} and answer is null`.execute(db);
}

/** Lets somebody else ask. */
export async function deleteAnswerLead(db: Kysely<Database>, key: string, leader: string): Promise<void> {
  await db.deleteFrom('llm_answers').where('key', '=', key).where('leader', '=', leader).where('answer', 'is', null).execute();
}

/** Forgets kept answers, of one agent or all, and returns how many. Questions under way stay. */
export async function deleteAnswers(db: Kysely<Database>, agentId: string | undefined): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('llm_answers')
    .where('answer', 'is not', null)
    .$if(agentId !== undefined, (query) => query.where('agent_id', '=', agentId as string))
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export interface AgentAnswerFigures {
  agent_id: string;
  agent_name: string;
  entries: number;
  bytes: number;
  hits: number;
  saved_micro_usd: number;
}

/** Answers that may still be used, by agent, those that saved most first. */
export async function listAnswerFigures(db: Kysely<Database>): Promise<AgentAnswerFigures[]> {
  const { rows } = await sql<AgentAnswerFigures>`
    select a.agent_id, coalesce(agents.name, 'deleted agent') as agent_name, count(*)::int as entries, sum(a.bytes)::bigint as bytes, sum(a.hits)::bigint as hits, sum(a.saved_micro_usd)::bigint as saved_micro_usd
    from llm_answers a left join agents on agents.id = a.agent_id
    where a.answer is not null and a.expires_at > statement_timestamp()
    group by a.agent_id, agents.name order by saved_micro_usd desc, agent_name`.execute(db);
  return rows;
}

