import { type Kysely, sql } from 'kysely';
import type { Database } from '../database.ts';

/**
 * Makes `leader` the one who asks for an answer nobody has: none was kept, the one kept is too old, or whoever asked before is gone.
 * False when there is an answer or somebody is asking.
 */
export async function takeAnswerLead(db: Kysely<Database>, question: { key: string; agentId: string; connectionId: string; model: string; leader: string; leaseMs: number }): Promise<boolean> {
  const lease = sql<Date>`clock_timestamp() + make_interval(secs => ${question.leaseMs / 1000})`;
  const row = await db
    .insertInto('llm_answers')
    .values({ key: question.key, agent_id: question.agentId, connection_id: question.connectionId, model: question.model, leader: question.leader, lease_until: lease })
    .onConflict((conflict) =>
      conflict
        .column('key')
        .doUpdateSet({ agent_id: question.agentId, answer: null, bytes: 0, cost_micro_usd: null, hits: 0, saved_micro_usd: 0, leader: question.leader, lease_until: lease, expires_at: null })
        .where(sql<boolean>`(llm_answers.answer is not null and llm_answers.expires_at <= clock_timestamp()) or (llm_answers.answer is null and (llm_answers.lease_until <= clock_timestamp() or llm_answers.leader = excluded.leader))`),
    )
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}

/** Counts a use of a kept answer and returns it; undefined when none is kept or it is too old. */
export async function takeKeptAnswer(db: Kysely<Database>, key: string): Promise<{ answer: unknown; costMicroUsd: number | null } | undefined> {
  const row = await db
    .updateTable('llm_answers')
    .set({ hits: sql`hits + 1`, saved_micro_usd: sql`saved_micro_usd + coalesce(cost_micro_usd, 0)` })
    .where('key', '=', key)
    .where('answer', 'is not', null)
    .where('expires_at', '>', sql<Date>`clock_timestamp()`)
    .returning(['answer', 'cost_micro_usd'])
    .executeTakeFirst();
  return row === undefined ? undefined : { answer: row.answer, costMicroUsd: row.cost_micro_usd };
}

/** Milliseconds until whoever asks loses the lead; undefined when nobody does. */
export async function findLeaseLeft(db: Kysely<Database>, key: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('llm_answers')
    .select(sql<number>`(extract(epoch from lease_until - clock_timestamp()) * 1000)::float8`.as('left'))
    .where('key', '=', key)
    .where('answer', 'is', null)
    .executeTakeFirst();
  return row?.left ?? undefined;
}

/** Keeps the leader's answer; one that lost the lead to another keeps nothing. Takes some of what is too old away. */
export async function keepAnswer(db: Kysely<Database>, kept: { key: string; leader: string; answer: string; bytes: number; costMicroUsd: number | null; ttlSeconds: number }): Promise<void> {
  await db
    .with('swept', (query) => query.deleteFrom('llm_answers').where('key', 'in', (inner) => inner.selectFrom('llm_answers').select('key').where('expires_at', '<', sql<Date>`clock_timestamp() - interval '1 minute'`).limit(100)))
    .updateTable('llm_answers')
    .set({ answer: kept.answer, bytes: kept.bytes, cost_micro_usd: kept.costMicroUsd, leader: null, lease_until: null, expires_at: sql<Date>`clock_timestamp() + make_interval(secs => ${kept.ttlSeconds})` })
    .where('key', '=', kept.key)
    .where('leader', '=', kept.leader)
    .where('answer', 'is', null)
    .execute();
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
    where a.answer is not null and a.expires_at > clock_timestamp()
    group by a.agent_id, agents.name order by saved_micro_usd desc, agent_name`.execute(db);
  return rows;
}

