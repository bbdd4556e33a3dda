import type { Kysely, Selectable } from 'kysely';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { SafetyChecksTable } from '../tables/safety.table.ts';

export type SafetyCheckRow = Selectable<SafetyChecksTable>;

/** Records a verdict with the facts it used; returns false when these arguments of this call were judged before. */
export async function insertSafetyCheck(trx: Kysely<Database>, check: Omit<SafetyCheckRow, 'created_at'>): Promise<boolean> {
  const row = await trx
    .insertInto('safety_checks')
    .values({ ...check, facts: toJsonb(check.facts), matched_rules: toJsonb(check.matched_rules), terms: check.terms === null ? null : toJsonb(check.terms), problems: toJsonb(check.problems) })
    .onConflict((conflict) => conflict.columns(['tool_call_id', 'arguments_hash', 'round']).doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

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

/** How often each rule decided since `since`. */
export async function countRuleMatches(db: Kysely<Database>, since: Date): Promise<Map<string, number>> {
  const rows = await db.selectFrom('safety_checks').select('matched_rules').where('created_at', '>=', since).execute();
  const counts = new Map<string, number>();
  for (const rule of rows.flatMap((row) => row.matched_rules)) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
  return counts;
}
