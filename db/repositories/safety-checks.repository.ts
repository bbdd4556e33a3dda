import { type Kysely, type Selectable, sql } from 'kysely';
import type { Beside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { SafetyChecksTable } from '../tables/safety.table.ts';

export type SafetyCheckRow = Selectable<SafetyChecksTable>;

/** Records a verdict with the facts it used, beside other writes; nothing is written when these arguments of this call were judged in this round before. */
export const safetyCheckInsert = (check: Omit<SafetyCheckRow, 'created_at'>): Beside => (db) =>
  db
    .insertInto('safety_checks')
    .values({ ...check, facts: toJsonb(check.facts), matched_rules: toJsonb(check.matched_rules), terms: check.terms === null ? null : toJsonb(check.terms), problems: toJsonb(check.problems) })
    .onConflict((conflict) => conflict.columns(['tool_call_id', 'arguments_hash', 'round']).doNothing());

/** The newest verdict on these arguments of this call, if there is one. */
export async function findSafetyCheck(db: Kysely<Database>, toolCallId: string, argumentsHash: string): Promise<SafetyCheckRow | undefined> {
  return db.selectFrom('safety_checks').selectAll().where('tool_call_id', '=', toolCallId).where('arguments_hash', '=', argumentsHash).orderBy('round', 'desc').limit(1).executeTakeFirst();
}

/** The verdict on the same arguments of the same call before this one. */
export async function findSafetyCheckBefore(db: Kysely<Database>, { tool_call_id: toolCallId, arguments_hash: argumentsHash, round }: SafetyCheckRow): Promise<SafetyCheckRow | undefined> {
  return db.selectFrom('safety_checks').selectAll().where('tool_call_id', '=', toolCallId).where('arguments_hash', '=', argumentsHash).where('round', '<', round).orderBy('round', 'desc').limit(1).executeTakeFirst();
}

/** How often these arguments of this call were judged. */
export async function findLastRound(db: Kysely<Database>, toolCallId: string, argumentsHash: string): Promise<number> {
  return (await findSafetyCheck(db, toolCallId, argumentsHash))?.round ?? 0;
}

/** How often each policy decided since `since`, by its id. */
export async function countRuleMatches(db: Kysely<Database>, since: Date): Promise<Map<string, number>> {
  const { rows } = await sql<{ id: string; matches: number }>`
    select rule ->> 'id' as id, count(*) as matches from safety_checks cross join lateral jsonb_array_elements(matched_rules) as rule
    where created_at >= ${since} group by 1`.execute(db);
  return new Map(rows.map(({ id, matches }) => [id, matches]));
}
