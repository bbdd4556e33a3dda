import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { outputFileSchema } from '../../../contracts/run-files.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { type HttpServer, programs, reviewed, serverOf, startEverythingHttp, textOf } from '../../../tests/support/mcp.ts';
import { callContext, failureOf, noSecrets } from '../../../tests/support/tools.ts';
import type { Json, ToolOutcome } from '../tool.ts';
import { createMcpSessions, createMcpTool, type McpServerAccess, type McpSessions, type McpToolAccess, proposeReview } from './index.ts';

let database: TestDatabase;
let sessions: McpSessions;
let http: HttpServer;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'maestro-mcp-official-')));
const secrets = { ...noSecrets, reveal: async (text: string) => text.replaceAll('{{secret:colour}}', 'deep blue') };
beforeAll(async () => {
  [database, http] = await Promise.all([createTestDatabase(), startEverythingHttp()]);
  sessions = createMcpSessions({ db: database.db, secrets, allowStdio: true });
});
afterAll(async () => {
  await sessions.close();
  await http.kill();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Reviews are made once per tool: a listing is a process of its own. */
const known = new Map<string, McpToolAccess>();
async function call(server: McpServerAccess, name: string, args: unknown, given: Parameters<typeof callContext>[0] = {}): Promise<ToolOutcome> {
  const key = `${server.id}:${name}`;
  const access = known.get(key) ?? (await reviewed(sessions, server, name));
  known.set(key, access);
  const tool = createMcpTool(access, sessions);
  return tool.execute(tool.argumentsSchema.parse(args), callContext(given));
}
const contentOf = ({ output }: ToolOutcome) => (output as { content: { [key: string]: Json }[] }).content;

const stdio = serverOf({ ...programs.everything(), env: { COLOUR: '{{secret:colour}}' } }, { name: 'Everything' });
const overHttp = serverOf({ type: 'streamable_http', url: '', headers: {} }, { name: 'Everything over HTTP' });
describe.each([['stdio', stdio], ['streamable HTTP', overHttp]])('everything over %s', (kind, server) => {
  beforeAll(() => {
    if (server.transport.type === 'streamable_http') server.transport.url = http.url;
  });

  test('text comes back as text', async () => {
    const outcome = await call(server, 'echo', { message: 'Grüße\n<b>' });
    expect(outcome).toEqual({ output: { content: [{ type: 'text', text: 'Echo: Grüße\n<b>' }] }, summary: '15 characters' });
    expect(textOf(await call(server, 'get-sum', { a: 40, b: 2 }))).toBe('The sum of 40 and 2 is 42.');
  });

  test('arguments are checked before they are sent', async () => {
    const tool = createMcpTool(await reviewed(sessions, server, 'get-sum'), sessions);
    expect(tool.argumentsSchema.safeParse({ a: 'forty' }).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([": must have required property 'b'", 'a: must be number']);
  });

  test('an image becomes a file of the run', async () => {
    const { files, output, summary } = await call(server, 'get-tiny-image', {});
    expect(files).toHaveLength(1);
    const file = outputFileSchema.parse((output as { content: { file?: unknown }[] }).content.find((part) => part.file !== undefined)?.file);
    expect(file).toMatchObject({ id: files?.[0]?.id, name: 'get-tiny-image-1.png', media_type: 'image/png', bytes: files?.[0]?.bytes.length });
    expect(Buffer.from(files?.[0]?.bytes ?? []).subarray(1, 4).toString()).toBe('PNG');
    expect(summary).toMatch(/1 file$/);
  });

  test('resources stand in it, text as text and binary as files, and links as links', async () => {
    const [, text] = contentOf(await call(server, 'get-resource-reference', { resourceType: 'Text', resourceId: 1 }));
    expect(text).toMatchObject({ type: 'resource', uri: expect.stringContaining('resource/dynamic/text/1') as string, media_type: 'text/plain', text: expect.stringContaining('Resource 1') as string });
    const binary = await call(server, 'get-resource-reference', { resourceType: 'Blob', resourceId: 2 });
    expect(contentOf(binary)[1]).toMatchObject({ type: 'resource', file: { name: '2', bytes: expect.any(Number) as number } });
    expect(Buffer.from(binary.files?.[0]?.bytes ?? []).toString()).toContain('Resource 2');
    expect(contentOf(await call(server, 'get-resource-links', { count: 2 })).slice(1)).toEqual([expect.objectContaining({ type: 'resource_link', uri: expect.any(String) as string }), expect.objectContaining({ type: 'resource_link' })]);
  });

  test('structured content is kept as data beside the text', async () => {
    expect((await call(server, 'get-structured-content', { location: 'Chicago' })).output).toMatchObject({ structured_content: { temperature: 36, humidity: 82 }, content: [{ type: 'text' }] });
  });

  test('a long operation says how far it has come', async () => {
    const said: string[] = [];
    await call(server, 'trigger-long-running-operation', { duration: 0.4, steps: 4 }, { reportProgress: (text) => said.push(text) });
    // The last one may come together with the answer, and is not told then.
    expect(said.slice(0, 3)).toEqual(['1 of 4', '2 of 4', '3 of 4']);
  });

  test('a long operation ends at once for whoever cancels it, and the connection goes on', async () => {
    const controller = new AbortController();
    const reason = new Error('the run was cancelled');
    const pending = call(server, 'trigger-long-running-operation', { duration: 600, steps: 6_000 }, { signal: controller.signal, reportProgress: () => controller.abort(reason) });
    await expect(pending).rejects.toBe(reason);
    expect(textOf(await call(server, 'echo', { message: 'still there' }))).toBe('Echo: still there');
  });

  test('many calls at once share one connection, each with its own answer', async () => {
    const sums = await Promise.all(Array.from({ length: 30 }, (_, index) => call(server, 'get-sum', { a: index, b: 1 })));
    expect(sums.map(textOf)).toEqual(Array.from({ length: 30 }, (_, index) => `The sum of ${index} and 1 is ${index + 1}.`));
  });

  test('tools that want something of the client are not offered', async () => {
    for (const name of ['trigger-sampling-request', 'trigger-elicitation-request', 'get-roots-list']) await expect(reviewed(sessions, server, name), `${name} ${kind}`).rejects.toThrow(`no tool ${name}`);
  });
});

test('a program gets the path, a folder of its own, what its connection names, and nothing else of this process', async () => {
  process.env['MAESTRO_TEST_ONLY'] = 'never handed down';
  const environment = JSON.parse(textOf(await call(stdio, 'get-env', {}))) as Record<string, string>;
  expect(Object.keys(environment).filter((name) => !name.startsWith('__CF')).toSorted()).toEqual(['COLOUR', 'HOME', 'LANG', 'PATH', 'TMPDIR']);
  expect(environment).toMatchObject({ COLOUR: 'deep blue', LANG: 'C.UTF-8', PATH: process.env['PATH'] });
  expect(environment['HOME']).toMatch(/maestro-mcp-/);
});

describe('over HTTP', () => {
  test('a server that was started anew has forgotten the session, and gets the call on a new one', async () => {
    const mine = await startEverythingHttp();
    const server = serverOf({ type: 'streamable_http', url: mine.url, headers: {} });
    expect(textOf(await call(server, 'echo', { message: 'one' }))).toBe('Echo: one');
    await mine.kill();
    expect(await failureOf(call(server, 'echo', { message: 'two' }))).toMatchObject({ code: 'TOOL_UNAVAILABLE', message: expect.stringContaining('nothing listens at that address (ECONNREFUSED)') as string, details: { not_sent: true } });
    const again = await startEverythingHttp(Number(new URL(mine.url).port));
    // It answers 400 to a session it does not know, where the specification wants 404.
    expect(await call(server, 'echo', { message: 'three' }).then(textOf)).toBe('Echo: three');
    await again.kill();
  });

  test('a server that dies in a call and cannot be found again leaves its answer open', async () => {
    const mine = await startEverythingHttp();
    const server = serverOf({ type: 'streamable_http', url: mine.url, headers: {} });
    const error = await failureOf(call(server, 'trigger-long-running-operation', { duration: 600, steps: 6_000 }, { reportProgress: () => void mine.kill() }));
    expect(error).toMatchObject({ code: 'TOOL_UNAVAILABLE' });
    expect(error.details?.['not_sent']).toBeUndefined();
  });
});

describe('filesystem', () => {
  const server = serverOf(programs.filesystem(folder), { name: 'Files' });

  test('reads and writes below its folder, and refuses what is outside', async () => {
    expect(textOf(await call(server, 'write_file', { path: join(folder, 'a.txt'), content: 'hello' }))).toContain('Successfully wrote');
    expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('hello');
    expect(textOf(await call(server, 'read_text_file', { path: join(folder, 'a.txt') }))).toBe('hello');
    expect(await failureOf(call(server, 'read_text_file', { path: '/etc/hostname' }))).toMatchObject({ code: 'TOOL_FAILED', message: expect.stringContaining('Access denied') as string });
    expect(await failureOf(call(server, 'read_text_file', { path: join(folder, '../../etc/hostname') }))).toMatchObject({ code: 'TOOL_FAILED' });
  });

  test('gives pictures as files', async () => {
    writeFileSync(join(folder, 'dot.png'), Buffer.from('iVBORw0KGgo=', 'base64'));
    const { files } = await call(server, 'read_media_file', { path: join(folder, 'dot.png') });
    expect(files).toMatchObject([{ mediaType: 'image/png', name: 'read_media_file-1.png' }]);
  });

  test('proposes risk and effect by its hints', async () => {
    const proposals = await Promise.all(['read_text_file', 'create_directory', 'write_file'].map(async (name) => proposeReview((await reviewed(sessions, server, name)).definition.annotations)));
    expect(proposals).toEqual([{ risk: 'LOW', effect: 'none' }, { risk: 'MEDIUM', effect: 'idempotent' }, { risk: 'HIGH', effect: 'external' }]);
  });
});

test('memory keeps what it was told, over calls and over a restart', async () => {
  const transport = { ...programs.memory(), env: { MEMORY_FILE_PATH: join(folder, 'memory.jsonl') } };
  await call(serverOf(transport), 'create_entities', { entities: [{ name: 'Ada', entityType: 'person', observations: ['writes programs'] }] });
  const { output } = await call(serverOf(transport), 'search_nodes', { query: 'programs' });
  expect(output).toMatchObject({ structured_content: { entities: [{ name: 'Ada', observations: ['writes programs'] }] } });
});
