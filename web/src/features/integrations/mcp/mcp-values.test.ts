import { createMcpServerBodySchema, type McpServer, mcpServerSchema, updateMcpServerBodySchema } from '@contracts/mcp-servers.ts';
import { expect, test } from 'vitest';
import { emptyMcpValues, proposeSlug, toCreateBody, toMcpField, toMcpValues, toTransport, toUpdateBody } from './mcp-values.ts';

const stored = (transport: unknown): McpServer => mcpServerSchema.parse({
  id: '0197f000-0000-7000-8000-000000000001', name: 'GitHub', slug: 'github', transport, timeout_seconds: 60, is_enabled: true, state: 'healthy', server: null, last_test: null, tools: [], to_review: 0,
  used_by_agents: [], version: 3, updated_at: '2026-11-24T10:00:00.000Z', updated_by: null,
});
const program = stored({ type: 'stdio', command: 'npx', args: ['-y', 'a b', '', ' led', 'two\nlines', '"quoted"'], env: { TOKEN: '{{secret:github}}', SPACED: ' a=b ' } });
const http = stored({ type: 'streamable_http', url: 'https://mcp.example.com/mcp', headers: { Authorization: 'Bearer {{secret:github}}' } });

test.each([['program', program], ['address', http]])('a server by %s that is opened and saved as it is changes nothing', (_, server) => {
  expect(toUpdateBody(toMcpValues(server), server)).toBeUndefined();
  expect(toTransport(toMcpValues(server))).toEqual(server.transport);
});

test('only what was changed is sent, the way to reach it as a whole', () => {
  const body = toUpdateBody({ ...toMcpValues(http), headers: 'Authorization: Bearer {{secret:other}}\nX-Trace:  a:b ', timeout_seconds: '120' }, http);
  expect(body).toEqual({ transport: { type: 'streamable_http', url: 'https://mcp.example.com/mcp', headers: { Authorization: 'Bearer {{secret:other}}', 'X-Trace': 'a:b' } }, timeout_seconds: 120, version: 3 });
  expect(updateMcpServerBodySchema.safeParse(body).success).toBe(true);
});

test('arguments are one a line; a quoted line keeps its spaces and breaks', () => {
  const { body, issues } = toCreateBody({ ...emptyMcpValues, name: 'Files', slug: 'files', transport: 'stdio', command: ' npx ', args: '-y\n\n"a\\nb"\n"unended', env: 'A=1\n\nB==' });
  expect(issues).toEqual([]);
  expect(createMcpServerBodySchema.parse(body).transport).toEqual({ type: 'stdio', command: 'npx', args: ['-y', 'a\nb', '"unended'], env: { A: '1', B: '=' } });
});

test('what is wrong is said once for each field, in the order of the form, with its line or name', () => {
  const { issues } = toCreateBody({ ...emptyMcpValues, slug: 'Git', transport: 'stdio', env: 'A=1\nB', timeout_seconds: '0' });
  expect(issues.map(({ path }) => path)).toEqual(['name', 'slug', 'command', 'env', 'timeout_seconds']);
  expect(issues[3]?.message).toBe('Line 2: write NAME=value.');
  const bad = (env: string): string | undefined => toCreateBody({ ...emptyMcpValues, name: 'A', slug: 'a', transport: 'stdio', command: 'x', env }).issues[0]?.message;
  expect(bad('A=1\nA=2')).toBe('Line 2: A stands there twice.');
  expect(bad('1A=2')).toBe('1A is no name of an environment variable.');
  expect(bad('=2')).toMatch(/^A line without a name/);
});

test('the other transport’s fields say nothing', () => {
  expect(toCreateBody({ ...emptyMcpValues, name: 'A', slug: 'a', url: 'https://a.example.com', env: 'nonsense' }).issues).toEqual([]);
});

test('issues of the api land on the field that holds the place they name', () => {
  expect(toMcpField('transport.env.TOKEN')).toBe('env');
  expect(toMcpField('transport.args.2')).toBe('args');
  expect(toMcpField('slug')).toBe('slug');
  expect(toMcpField('transport.type')).toBe('transport');
  expect(toMcpField('version')).toBeUndefined();
});

test.each([['GitHub (read)', 'githubread'], ['2nd Größe', 'ndgroe'], ['日本', '']])('%s is called %j for short', (name, slug) => {
  expect(proposeSlug(name)).toBe(slug);
});
