import type { Transaction } from 'kysely';
import { AppError, refuseField, toFieldError } from '../../../contracts/errors.ts';
import type { CreateMcpServerBody, McpServer, UpdateMcpServerBody } from '../../../contracts/mcp-servers.ts';
import type { Database } from '../../../db/database.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { insertConnectionChange } from '../../../db/repositories/events.repository.ts';
import { deleteMcpServerRow, forgetMcpServerTest, insertMcpServer, listMcpToolRows, listMcpToolUses, lockMcpServer, type McpServerRow, updateMcpServerRow } from '../../../db/repositories/mcp-servers.repository.ts';
import { refusingDuplicates } from '../../../db/unique-violation.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import { refuseNamed } from '../refuse-named.ts';
import { checkTransport } from './check-transport.ts';
import type { McpServerDeps } from './mcp-server-deps.ts';
import { getMcpServer } from './read-mcp-servers.ts';
import { tryAndRecord } from './refresh-mcp-server.ts';
import { toAudited } from './to-mcp-server.ts';

const takenBy = (path: 'name' | 'slug', what: string) => (cause: unknown): AppError => toFieldError('CONNECTION_NAME_TAKEN', { path, message: `Another MCP server already has this ${what}.` }, cause);
const takenNames = { mcp_servers_name_key: takenBy('name', 'name'), mcp_servers_slug_key: takenBy('slug', 'short name') };

/** Locks a server that may be changed. Throws CONNECTION_NOT_FOUND. */
export async function lockServer(trx: Transaction<Database>, serverId: string): Promise<McpServerRow> {
  const row = await lockMcpServer(trx, serverId);
  if (row === undefined) throw new AppError('CONNECTION_NOT_FOUND', `MCP server ${serverId}`);
  return row;
}

/**
 * Adds a server and lists its tools at once; one that fails is kept all the same, and says why. Throws CONNECTION_NAME_TAKEN and
 * VALIDATION_FAILED (programs are switched off here, a credential stands where a secret belongs), and the reason of `signal`.
 */
export async function createMcpServer(deps: McpServerDeps, { body, actor, signal }: { body: CreateMcpServerBody; actor: Actor; signal: AbortSignal }): Promise<McpServer> {
  const { name, slug, transport, timeout_seconds: timeoutSeconds, is_enabled: isEnabled } = body;
  checkTransport(transport, { allowsStdio: deps.config.tools.allowMcpStdio });
  const id = newId();
  await refusingDuplicates(takenNames, () => deps.db.transaction().execute(async (trx) => {
    await insertMcpServer(trx, { id, name, slug, transport, timeoutSeconds, isEnabled, createdBy: actor.userId });
    await insertConnectionChange(trx, id, 'created');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'mcp_server.create', objectType: 'mcp_server', objectId: id, after: toAudited(body) });
  }));
  await tryAndRecord(deps, { id, version: 1, transport }, signal);
  return getMcpServer(deps, id);
}

/**
 * Changes a server. Another way to it is tried at once, and its tools are listed anew: what is defined differently there waits for a review.
 * A change that changes nothing makes no version. Throws CONNECTION_NOT_FOUND, CONNECTION_CHANGED, CONNECTION_NAME_TAKEN, CONNECTION_NAMED (another
 * name, while live policies go by the old or the new one), VALIDATION_FAILED and the reason of `signal`.
 */
export async function updateMcpServer(deps: McpServerDeps, { serverId, body, actor, signal }: { serverId: string; body: UpdateMcpServerBody; actor: Actor; signal: AbortSignal }): Promise<McpServer> {
  if (body.transport !== undefined) checkTransport(body.transport, { allowsStdio: deps.config.tools.allowMcpStdio });
  const changed = await refusingDuplicates(takenNames, () => deps.db.transaction().execute(async (trx) => {
    const row = await lockServer(trx, serverId);
    if (body.version !== row.version) throw new AppError('CONNECTION_CHANGED', undefined, { details: { version: row.version } });
    const after = { ...row, name: body.name ?? row.name, transport: body.transport ?? row.transport, timeout_seconds: body.timeout_seconds ?? row.timeout_seconds, is_enabled: body.is_enabled ?? row.is_enabled };
    if (hashJson(toAudited(after)) === hashJson(toAudited(row))) return undefined;
    if (after.name !== row.name) await refuseNamed(trx, 'McpServer', [row.name, after.name]);
    const version = row.version + 1;
    const isOtherWay = hashJson(after.transport) !== hashJson(row.transport);
    await updateMcpServerRow(trx, { id: row.id, name: after.name, transport: after.transport, timeoutSeconds: after.timeout_seconds, isEnabled: after.is_enabled, version, updatedBy: actor.userId });
    if (isOtherWay) await forgetMcpServerTest(trx, row.id);
    await insertConnectionChange(trx, row.id, 'updated');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'mcp_server.update', objectType: 'mcp_server', objectId: row.id, before: toAudited(row), after: toAudited(after) });
    return { isOtherWay, version, transport: after.transport };
  }));
  if (changed !== undefined) {
    deps.mcpSessions.forget(serverId);
    if (changed.isOtherWay) await tryAndRecord(deps, { id: serverId, ...changed }, signal);
    deps.tools.forget();
  }
  return getMcpServer(deps, serverId);
}

/**
 * Deletes a server with its tools. One whose tools agents were given is deleted only when its name is given: CONNECTION_IN_USE else, with
 * `details.agents`. One that live policies name stays (CONNECTION_NAMED): agents keep its tools by the short name, under which a server of another name
 * may follow. Throws CONNECTION_NOT_FOUND, and VALIDATION_FAILED for another name.
 */
export async function deleteMcpServer(deps: Pick<McpServerDeps, 'db' | 'mcpSessions' | 'tools'>, { serverId, name, actor }: { serverId: string; name?: string | undefined; actor: Actor }): Promise<void> {
  await deps.db.transaction().execute(async (trx) => {
    const row = await lockServer(trx, serverId);
    if (name !== undefined && name !== row.name) refuseField('name', 'This is not the name of the server.');
    const [tools, uses] = [await listMcpToolRows(trx, row.id), await listMcpToolUses(trx)];
    const agents = new Map(tools.flatMap((tool) => uses.get(tool.registered_name) ?? []).map((agent) => [agent.id, agent]));
    if (name === undefined && agents.size > 0) throw new AppError('CONNECTION_IN_USE', undefined, { details: { agents: [...agents.values()], open_runs: 0 } });
    await refuseNamed(trx, 'McpServer', [row.name]);
    await deleteMcpServerRow(trx, row.id);
    await insertConnectionChange(trx, row.id, 'deleted');
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'mcp_server.delete', objectType: 'mcp_server', objectId: row.id, before: toAudited(row) });
  });
  deps.mcpSessions.forget(serverId);
  deps.tools.forget();
}
