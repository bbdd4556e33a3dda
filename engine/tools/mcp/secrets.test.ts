import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { McpTransport } from '../../../contracts/mcp-servers.ts';
import { replaceSecretReferences } from '../../../contracts/secrets.ts';
import { createMasker } from '../../../platform/masker.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { serverOf } from '../../../tests/support/mcp.ts';
import type { Json } from '../tool.ts';
import { createMcpSessions, type McpSessions } from './index.ts';

// What servers that do not work say of the secrets they were given: it is kept as the outcome of a test and read by everybody.
const values: Record<string, string> = { key: 'k3y-5up3r-h1dden', lines: 'first-of-two\nsecond-of-two', ending: 'key-with-line-end\n', nul: 'before-nul\0after-nul' };
const masker = createMasker(Object.entries(values).map(([name, value]) => ({ label: `{{secret:${name}}}`, value })));
const secrets = { reveal: async (text: string) => replaceSecretReferences(text, (name) => values[name] ?? ''), mask: async <Value extends Json>(value: Value) => masker.json(value) };

let database: TestDatabase;
let sessions: McpSessions;
beforeAll(async () => {
  database = await createTestDatabase();
  sessions = createMcpSessions({ db: database.db, secrets, allowStdio: true });
});
afterAll(async () => {
  await sessions.close();
  await database.close();
});

async function failureOf(transport: McpTransport): Promise<Error & { code: string }> {
  const { signal } = new AbortController();
  try {
    const connection = await sessions.open(serverOf(transport));
    await connection.start(signal);
    await connection.initialize(signal).finally(() => connection.close());
  } catch (error) {
    return error as Error & { code: string };
  }
  return expect.unreachable();
}
const program = (code: string, env: Record<string, string>): McpTransport => ({ type: 'stdio', command: process.execPath, args: ['-e', code], env });

test('a server that repeats its key in a refusal does not show it', async () => {
  const server = createServer((request, response) => { request.resume().on('end', () => response.writeHead(400).end(`unknown key ${String(request.headers['x-key'])}`)); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const failure = await failureOf({ type: 'streamable_http', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, headers: { 'X-Key': '{{secret:key}}' } });
    expect(failure).toMatchObject({ code: 'REFUSED', message: expect.stringContaining('unknown key {{secret:key}}') as string });
  } finally {
    server.close();
  }
});

test('a program that ends with a long complaint does not show a secret at whose middle it is cut', async () => {
  const write = "process.stderr.write('x'.repeat(500) + process.env.KEY + 'y'.repeat(N) + '\\n' + 'the end\\n', () => process.exit(3));";
  for (const length of [3_980, 15_970, 15_980, 15_985]) {
    const failure = await failureOf(program(write.replace('N', String(length)), { KEY: '{{secret:key}}' }));
    expect(failure.message).toContain('the end');
    for (let at = 0; at + 6 <= values['key']!.length; at++) expect(failure.message).not.toContain(values['key']!.slice(at, at + 6));
  }
});

test.each<[what: string, transport: McpTransport]>([
  ['a header cannot carry', { type: 'streamable_http', url: 'http://127.0.0.1:9/mcp', headers: { Authorization: 'Bearer {{secret:lines}}' } }],
  ['a variable cannot carry', program('', { KEY: '{{secret:nul}}' })],
])('a secret %s is named and not shown', async (_what, transport) => {
  const failure = await failureOf(transport);
  expect(failure).toMatchObject({ code: 'TOOL_NOT_CONFIGURED', message: expect.stringMatching(/^The secret (lines|nul) is not .* cannot carry it/) as string });
  expect(`${failure.message} ${failure.stack}`).not.toMatch(/first-of|second-of|before-nul|after-nul/);
});

test('a secret that ends with a line break, as one that was copied does, is sent without it', async () => {
  const seen: unknown[] = [];
  const server = createServer((request, response) => { seen.push(request.headers.authorization); request.resume().on('end', () => response.writeHead(401).end()); });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const failure = await failureOf({ type: 'streamable_http', url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, headers: { Authorization: 'Bearer {{secret:ending}}' } });
    expect(failure.code).toBe('SIGN_IN_REFUSED');
    expect(seen).toEqual(['Bearer key-with-line-end']);
  } finally {
    server.close();
  }
});
