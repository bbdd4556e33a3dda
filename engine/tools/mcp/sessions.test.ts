import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../../contracts/errors.ts';
import { insertMcpServer, listMcpToolRows, updateMcpTool } from '../../../db/repositories/mcp-servers.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { isAlive, programs, reviewed, serverOf, textOf } from '../../../tests/support/mcp.ts';
import { startProcess } from '../../../tests/support/process.ts';
import { callContext, failureOf, noSecrets } from '../../../tests/support/tools.ts';
import { until } from '../../../tests/support/until.ts';
import type { ToolOutcome } from '../tool.ts';
import { createMcpSessions, createMcpTool, loadMcpTools, type McpServerAccess, type McpSessions, type McpToolAccess, recordListing, toRegisteredName } from './index.ts';

let database: TestDatabase;
let sessions: McpSessions;
const folder = mkdtempSync(join(tmpdir(), 'maestro-mcp-sessions-'));
beforeAll(async () => {
  database = await createTestDatabase();
  sessions = createMcpSessions({ db: database.db, secrets: noSecrets, allowStdio: true });
});
afterAll(async () => {
  await sessions.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (access: McpToolAccess, args: unknown = {}, given: Parameters<typeof callContext>[0] = {}, of: McpSessions = sessions): Promise<ToolOutcome> => createMcpTool(access, of).execute(args, callContext(given));
const pidsIn = (note: string): string => readFileSync(note, 'utf8');

describe('a connection', () => {
  test('is made once however many ask at the same time, and kept', async () => {
    const note = join(folder, 'once.txt');
    const access = await reviewed(sessions, serverOf(programs.hostile('normal', note)), 'family');
    const before = pidsIn(note);
    const families = await Promise.all(Array.from({ length: 5 }, () => call(access)));
    families.push(await call(access));
    const own = new Set(families.map((outcome) => (JSON.parse(textOf(outcome)) as { own: number }).own));
    expect(own.size).toBe(1);
    expect(pidsIn(note)).toBe(`${before}${[...own][0]}`);
  });

  test('of another version is another one; the old one ends once nothing uses it', async () => {
    const access = await reviewed(sessions, serverOf(programs.hostile()), 'family');
    const old = JSON.parse(textOf(await call(access))) as { own: number; child: number };
    const next = JSON.parse(textOf(await call({ ...access, server: { ...access.server, version: 2 } }))) as { own: number };
    expect(next.own).not.toBe(old.own);
    await until('the old program and what it started to end', () => !isAlive(old.own) && !isAlive(old.child));
    expect(isAlive(next.own)).toBe(true);
  });

  test('that nothing uses is closed after a while', async () => {
    const own = createMcpSessions({ db: database.db, secrets: noSecrets, allowStdio: true, idleMs: 50 });
    const access = await reviewed(own, serverOf(programs.hostile()), 'family');
    const { own: pid } = JSON.parse(textOf(await call(access, {}, {}, own))) as { own: number };
    await until('the program to end', () => !isAlive(pid));
    expect(textOf(await call(access, {}, {}, own))).not.toContain(String(pid));
    await own.close();
  });

  test('is not made any more by a process that stops', async () => {
    const own = createMcpSessions({ db: database.db, secrets: noSecrets, allowStdio: true });
    const access = await reviewed(own, serverOf(programs.hostile()), 'echo');
    await own.close();
    expect(await failureOf(call(access, {}, {}, own))).toMatchObject({ code: 'TOOL_UNAVAILABLE', details: { not_sent: true } });
  });

  test('to a program is not made where programs are switched off', async () => {
    const own = createMcpSessions({ db: database.db, secrets: noSecrets, allowStdio: false });
    const access = await reviewed(sessions, serverOf(programs.hostile()), 'echo');
    expect(await failureOf(call(access, {}, {}, own))).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringContaining('MCP_STDIO') as string, details: { not_sent: true } });
    await own.close();
  });

  test('ends with a process that is killed, with everything the program started and whatever it ignores', async () => {
    const owner = startProcess(fileURLToPath(new URL('../../../tests/support/mcp/owner.ts', import.meta.url)), {}, [database.connectionString]);
    const text = await until('the server to answer', () => /\{"content".*\n/.exec(owner.output())?.[0]);
    const { own, child } = JSON.parse((JSON.parse(text) as { content: { text: string }[] }).content[0]?.text ?? '') as { own: number; child: number };
    expect([isAlive(own), isAlive(child)]).toEqual([true, true]);
    await owner.kill();
    await until('both to end', () => !isAlive(own) && !isAlive(child));
  });
});

describe('an external call', () => {
  test('is confirmed right before it is sent, and not sent when that fails', async () => {
    const access = await reviewed(sessions, serverOf(programs.hostile()), 'echo', { effect: 'external', risk: 'HIGH' });
    expect(createMcpTool(access, sessions)).toMatchObject({ confirmsClaim: true, defaultEffect: 'external', defaultRisk: 'HIGH' });
    const refused = new AppError('TOOL_FAILED', 'taken over', { details: { not_sent: true } });
    await expect(call(access, {}, { confirmClaim: () => Promise.reject(refused) })).rejects.toBe(refused);
    let confirmed = 0;
    await call(access, {}, { confirmClaim: async () => void confirmed++ });
    expect(confirmed).toBe(1);
  });

  test('whose server is lost on the way leaves its outcome open; one that is not external says nothing of claims', async () => {
    const access = await reviewed(sessions, serverOf(programs.hostile()), 'crash', { effect: 'external' });
    const error = await failureOf(call(access, {}));
    expect(error.code).toBe('TOOL_UNAVAILABLE');
    expect(error.details?.['not_sent']).toBeUndefined();
    expect(createMcpTool({ ...access, effect: 'idempotent' }, sessions).confirmsClaim).toBeUndefined();
  });
});

describe('a reviewed definition', () => {
  let count = 0;
  /** A server as an admin keeps it, its tools listed and reviewed. */
  async function stored(mode = 'normal'): Promise<McpServerAccess> {
    const server = serverOf(programs.hostile(mode), { name: `Stored ${++count}`, slug: `stored${count}` });
    await insertMcpServer(database.db, { id: server.id, name: server.name, slug: server.slug, transport: server.transport, timeoutSeconds: 30, isEnabled: true, createdBy: null });
    const { definition } = await reviewed(sessions, server, 'echo');
    await recordListing(database.db, server, ['echo', 'change', 'change-back', 'moving', 'leaving'].map((name) => ({ ...definition, name, description: `Does ${name}.` })));
    for (const row of await listMcpToolRows(database.db, server.id)) await updateMcpTool(database.db, row.id, { is_enabled: true, risk: 'LOW', effect: 'none', reviewed_at: new Date() });
    return server;
  }
  const accessOf = async (server: McpServerAccess, name: string): Promise<McpToolAccess> => {
    const found = (await loadMcpTools(database.db)).find((access) => access.server.id === server.id && access.definition.name === name);
    if (found === undefined) throw new Error(`no tool ${name}`);
    return found;
  };
  const rowOf = async (server: McpServerAccess, name: string) => (await listMcpToolRows(database.db, server.id)).find((row) => row.name === name);
  const eventsOf = async (server: McpServerAccess): Promise<number> => {
    const rows = await database.db.selectFrom('events').select('data').where('type', '=', 'connection-changed').execute();
    return rows.filter(({ data }) => (data as { connection_id: string }).connection_id === server.id).length;
  };

  test('is what the server must still say: a changed tool is not called, held for admins to see, and told', async () => {
    const server = await stored();
    const [moving, leaving] = [await accessOf(server, 'moving'), await accessOf(server, 'leaving')];
    expect(textOf(await call(moving, { a: 1 }))).toBe('{"a":1}');
    const before = await eventsOf(server);
    await call(await accessOf(server, 'change'));
    expect(await failureOf(call(moving))).toMatchObject({ code: 'TOOL_OFF', message: expect.stringContaining('its definition changed and waits for a review') as string, details: { not_sent: true } });
    expect(await failureOf(call(leaving))).toMatchObject({ code: 'TOOL_OFF', message: expect.stringContaining('no longer lists') as string });
    expect(await rowOf(server, 'moving')).toMatchObject({ is_enabled: true, hash: moving.hash, pending_definition: { description: 'Now it sends your files to me.' }, pending_hash: expect.any(String) as string });
    expect((await rowOf(server, 'leaving'))?.missing_since).toBeInstanceOf(Date);
    expect(await eventsOf(server)).toBe(before + 1);
    expect((await accessOf(server, 'moving')).heldReason).toContain('has to review the change');
    expect((await accessOf(server, 'leaving')).heldReason).toContain('no longer lists');
    expect(textOf(await call(await accessOf(server, 'echo'), { still: 'works' }))).toBe('{"still":"works"}');
  });

  test('is in force again when the server turns back to it', async () => {
    const server = await stored();
    await call(await accessOf(server, 'change'));
    await failureOf(call(await accessOf(server, 'moving')));
    await call(await accessOf(server, 'change-back'));
    expect(textOf(await call(await accessOf(server, 'moving'), { a: 2 }))).toBe('{"a":2}');
    expect(await rowOf(server, 'moving')).toMatchObject({ pending_definition: null, pending_hash: null });
    expect(await accessOf(server, 'leaving')).toMatchObject({ heldReason: null });
  });

  test('that changed is noticed without a call, too', async () => {
    const server = await stored();
    await call(await accessOf(server, 'change'));
    await until('the change to be written down', async () => (await rowOf(server, 'moving'))?.pending_hash);
  });

  test('of a server that says otherwise from the start is not called', async () => {
    const server = await stored('changed');
    expect(await failureOf(call(await accessOf(server, 'moving')))).toMatchObject({ code: 'TOOL_OFF' });
  });

  test('of a server that was switched off is not enabled, and one nobody reviewed is no tool', async () => {
    const server = await stored();
    await database.db.updateTable('mcp_servers').set({ is_enabled: false }).where('id', '=', server.id).execute();
    await database.db.updateTable('mcp_tools').set({ reviewed_at: null }).where('server_id', '=', server.id).where('name', '=', 'moving').execute();
    const names = (await loadMcpTools(database.db)).filter((access) => access.server.id === server.id);
    expect(names.map(({ definition, isEnabled }) => [definition.name, isEnabled])).toEqual([['change', false], ['change-back', false], ['echo', false], ['leaving', false]]);
  });

  test('is not touched by what another version of the server lists', async () => {
    const server = await stored();
    expect(await recordListing(database.db, { ...server, version: 7 }, [])).toBe(false);
    expect(await rowOf(server, 'echo')).toMatchObject({ missing_since: null });
  });
});

describe('facts and sentence', () => {
  test('tell server, tool, names of arguments and hosts, and no credentials', async () => {
    const access = await reviewed(sessions, serverOf(programs.hostile(), { name: 'Files' }), 'echo');
    const tool = createMcpTool({ ...access, definition: { ...access.definition, title: 'Echo it' } }, sessions);
    const args = { path: '/tmp/x', url: 'https://user:pw@api.example.com:8443/x', deep: [{ to: 'http://10.0.0.1/' }], api_key: 'sk-never', long: 'x'.repeat(5_000), flag: true };
    expect(tool.facts(args)).toEqual({
      mcp_server: 'Files', mcp_tool: 'echo', transport_hash: hashJson(access.server.transport), argument_names: ['path', 'url', 'deep', 'api_key', 'long', 'flag'],
      argument_hosts: ['api.example.com:8443', '10.0.0.1'],
    });
    expect(tool.effectSentence(args)).toBe('Call "Echo it" of the MCP server "Files"');
  });

  test('name every argument and host, however many harmless ones stand before it and however it is written', async () => {
    const tool = createMcpTool(await reviewed(sessions, serverOf(programs.hostile(), { name: 'Files' }), 'echo'), sessions);
    const many = Object.fromEntries(Array.from({ length: 60 }, (_each, index) => [`a${index}`, `https://harmless-${index}.example/`]));
    for (const url of ['https://evil.example./x', ' https://evil.example/x', `https://EVIL.example/${'x'.repeat(5_000)}`]) {
      const facts = tool.facts({ ...many, deep: [...Array.from({ length: 1_100 }, () => 1), { url }], last: 1 });
      expect(facts['argument_hosts']).toContain('evil.example');
      expect(facts['argument_names']).toContain('last');
    }
    expect(tool.facts({ url: 'https://evil.example.:8443/' })['argument_hosts']).toEqual(['evil.example:8443']);
  });

  test('a name that models do not take is made one, and stays unique', () => {
    expect(toRegisteredName('files', 'read_file')).toBe('mcp_files_read_file');
    const dotted = toRegisteredName('files', 'read.file');
    expect(dotted).toMatch(/^mcp_files_read_file_[0-9a-f]{8}$/);
    expect(toRegisteredName('files', 'read/file')).not.toBe(dotted);
    expect(toRegisteredName('files', 'x', { has: (name) => name === 'mcp_files_x' })).toMatch(/^mcp_files_x_[0-9a-f]{8}$/);
    expect(toRegisteredName('files', 'x', { has: (name) => name.length < 40 })).toMatch(/^mcp_files_x_[0-9a-f]{32}$/);
  });
});
