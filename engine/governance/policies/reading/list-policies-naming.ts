import type { Kysely } from 'kysely';
import type { Database } from '../../../../db/database.ts';
import { listLivePolicyTexts } from '../../../../db/repositories/policy-names.repository.ts';
import { findNames, findStrings } from '../checking/find-names.ts';

/** The facts that hold the names of things. */
const factOf = { DataSource: 'data_source', McpServer: 'mcp_server' } as const;
export type NamedThing = keyof typeof factOf;

/** What `like` takes a text for: `*` stands for anything. */
const toPattern = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');

/** Whether it makes a difference to a policy that something of this kind has this name. */
function isNamed(cedar: string, kind: NamedThing, name: string): boolean {
  if (findNames(cedar).some((named) => named.kind === kind && named.name === name)) return true;
  return cedar.includes(factOf[kind]) && findStrings(cedar).some((text) => toPattern(text).test(name));
}

/** Names of the live policies that say something of a data source or an MCP server of one of these names, in order. */
export async function listPoliciesNaming(db: Kysely<Database>, kind: NamedThing, names: readonly string[]): Promise<string[]> {
  const policies = await listLivePolicyTexts(db);
  return policies.filter(({ cedar }) => names.some((name) => isNamed(cedar, kind, name))).map(({ name }) => name);
}
