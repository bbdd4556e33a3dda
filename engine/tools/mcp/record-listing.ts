import type { Kysely, Transaction } from 'kysely';
import type { McpDefinition } from '../../../contracts/mcp-servers.ts';
import type { Database } from '../../../db/database.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { deleteMcpTools, findMcpServer, insertMcpTools, listMcpToolRows, lockMcpServer, type McpToolRow, updateMcpTool } from '../../../db/repositories/mcp-servers.repository.ts';
import { newId } from '../../../platform/ids.ts';
import { hashDefinition, toRegisteredName } from './definition.ts';

type Change = Parameters<typeof updateMcpTool>[2];
interface Found {
  definition: McpDefinition;
  hash: string;
}

/** What a listing changes about a tool that is known; undefined: nothing. */
function changeOf(row: McpToolRow, found: Found | undefined): Change | 'forget' | undefined {
  const isNew = row.reviewed_at === null;
  if (found === undefined) return isNew ? 'forget' : row.missing_since === null ? { missing_since: new Date() } : undefined;
  const back: Change = row.missing_since === null ? {} : { missing_since: null };
  if (found.hash === row.hash) {
    // What was reviewed holds again.
    const change: Change = row.pending_hash === null ? back : { ...back, pending_definition: null, pending_hash: null, pending_at: null };
    return Object.keys(change).length === 0 ? undefined : change;
  }
  if (isNew) return { ...back, definition: found.definition, hash: found.hash };
  if (found.hash === row.pending_hash) return Object.keys(back).length === 0 ? undefined : back;
  return { ...back, pending_definition: found.definition, pending_hash: found.hash, pending_at: new Date() };
}

async function compare(db: Kysely<Database>, serverId: string, found: ReadonlyMap<string, Found>): Promise<{ changes: [row: McpToolRow, change: Change | 'forget'][]; added: Found[] }> {
  const rows = await listMcpToolRows(db, serverId);
  const known = new Set(rows.map(({ name }) => name));
  return {
    changes: rows.flatMap((row): [McpToolRow, Change | 'forget'][] => {
      const change = changeOf(row, found.get(row.name));
      return change === undefined ? [] : [[row, change]];
    }),
    added: [...found.values()].filter(({ definition }) => !known.has(definition.name)),
  };
}

async function write(trx: Transaction<Database>, { id: serverId, slug }: { id: string; slug: string }, found: ReadonlyMap<string, Found>): Promise<boolean> {
  const { changes, added } = await compare(trx, serverId, found);
  if (changes.length === 0 && added.length === 0) return false;
  await deleteMcpTools(trx, changes.flatMap(([{ id }, change]) => (change === 'forget' ? [id] : [])));
  for (const [{ id }, change] of changes) if (change !== 'forget') await updateMcpTool(trx, id, change);
  const taken = new Set(changes.map(([row]) => row.registered_name));
  for (const { registered_name: name } of await listMcpToolRows(trx, serverId)) taken.add(name);
  await insertMcpTools(trx, added.map(({ definition, hash }) => {
    const registeredName = toRegisteredName(slug, definition.name, taken);
    taken.add(registeredName);
    return { id: newId(), server_id: serverId, name: definition.name, registered_name: registeredName, definition, hash };
  }));
  return true;
}

/**
 * Writes down what a server lists now, against what is known of it: tools that are new, whose definition is another (held until it is
 * reviewed, in force again when it changes back), that are gone or back. Nothing for another version of the server than the stored one.
 * Returns whether anything changed, which is told as a `connection-changed` event then.
 */
export async function recordListing(db: Kysely<Database>, server: { id: string; version: number }, definitions: readonly McpDefinition[]): Promise<boolean> {
  const found = new Map(definitions.map((definition) => [definition.name, { definition, hash: hashDefinition(definition) }]));
  const stored = await findMcpServer(db, server.id);
  if (stored?.version !== server.version) return false;
  // Nearly always nothing changed, and nothing needs to be locked.
  const first = await compare(db, server.id, found);
  if (first.changes.length === 0 && first.added.length === 0) return false;
  return db.transaction().execute(async (trx) => {
    const row = await lockMcpServer(trx, server.id);
    if (row?.version !== server.version || !(await write(trx, row, found))) return false;
    await insertConnectionChange(trx, server.id, 'updated');
    return true;
  });
}
