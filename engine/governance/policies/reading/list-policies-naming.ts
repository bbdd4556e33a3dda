import type { Kysely } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { listLivePolicyTexts } from '../../../../db/repositories/policy-names.repository.ts';
import { goesByName, type NamedThing } from '../../../safety/index.ts';

/** Names of the live policies that say something of a data source or an MCP server of one of these names, and of those whose text cannot be read, in order. */
export async function listPoliciesNaming(db: Kysely<Database>, thing: NamedThing, names: readonly string[]): Promise<{ naming: string[]; unreadable: string[] }> {
  const found = (await listLivePolicyTexts(db)).map(({ name, cedar }) => ({ name, answer: goesByName(cedar, { thing, names }) }));
  const namesOf = (wanted: 'yes' | 'unknown'): string[] => found.filter(({ answer }) => answer === wanted).map(({ name }) => name);
  return { naming: namesOf('yes'), unreadable: namesOf('unknown') };
}
