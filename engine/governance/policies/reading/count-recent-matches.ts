import type { Kysely } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { countRuleMatches } from '../../../../db/repositories/safety-checks.repository.ts';

const days = 7;

/** How often each policy decided in the last seven days, by its id. */
export const countRecentMatches = (db: Kysely<Database>): Promise<Map<string, number>> => countRuleMatches(db, new Date(Date.now() - days * 24 * 3_600_000));
