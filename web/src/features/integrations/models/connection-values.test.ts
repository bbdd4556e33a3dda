import { type Connection, connectionSchema, createConnectionBodySchema, testConnectionBodySchema, updateConnectionBodySchema } from '@contracts/connections.ts';
import { expect, test } from 'vitest';
import { mergeChanges } from '../forms/merge-changes.ts';
import { emptyConnectionValues, isOtherServer, toConnectionField, toConnectionValues, toCreateBody, toTestBody, toUpdateBody } from './connection-values.ts';

const stored: Connection = connectionSchema.parse({
  id: '0197f000-0000-7000-8000-000000000001', name: 'Proxy', api: 'openai', base_url: 'https://proxy.example.com/v1', api_key_hint: '…a91f',
  limits: { requests_per_minute: 60, tokens_per_minute: null }, learned_limits: { requests_per_minute: null, tokens_per_minute: null },
  is_enabled: true, is_built_in: false, is_configured: true, configuration_hint: null, state: 'untested',
  circuit: { state: 'closed', failures_in_row: 0, retry_at: null, last_error: null, last_success_at: null }, last_test: null,
  used_by_agents: [], open_runs: 0, version: 3, updated_at: null, updated_by: null,
});
const keep = { kind: 'keep' } as const;

test('a connection opened for editing and saved as it is changes nothing', () => {
  expect(toUpdateBody(toConnectionValues(stored), keep, stored)).toBeUndefined();
  expect(toUpdateBody(toConnectionValues(stored), { kind: 'replace', value: ' ' }, stored)).toBeUndefined();
});

test('only what was changed is sent, against the version that was opened', () => {
  const body = toUpdateBody({ ...toConnectionValues(stored), base_url: ' ', requests_per_minute: '' }, { kind: 'remove' }, stored);
  expect(body).toEqual({ base_url: null, api_key: null, limits: { requests_per_minute: null, tokens_per_minute: null }, version: 3 });
  expect(updateConnectionBodySchema.safeParse(body).success).toBe(true);
});

test('the key is sent when it was typed and at no other time', () => {
  expect(toUpdateBody(toConnectionValues(stored), { kind: 'replace', value: 'sk-new' }, stored)).toEqual({ api_key: 'sk-new', version: 3 });
  expect(toTestBody(toConnectionValues(stored), keep, { id: stored.id })).toEqual({ api: 'openai', base_url: 'https://proxy.example.com/v1', connection_id: stored.id });
  expect(toTestBody(emptyConnectionValues, { kind: 'replace', value: '' }, { model: ' m ' })).toEqual({ api: 'openai', base_url: null, api_key: null, model: 'm' });
  expect(testConnectionBodySchema.safeParse(toTestBody(toConnectionValues(stored), { kind: 'remove' }, { id: stored.id })).data).toMatchObject({ api_key: null });
});

test('what is wrong is said once for each field, in the order of the form, without words of the schema', () => {
  const { issues } = toCreateBody({ ...emptyConnectionValues, base_url: 'localhost', requests_per_minute: 'many', tokens_per_minute: '1' }, { kind: 'replace', value: 'a b' });
  expect(issues.map(({ path }) => path)).toEqual(['name', 'base_url', 'api_key', 'requests_per_minute', 'tokens_per_minute']);
  for (const { message } of issues) expect(message).not.toMatch(/NaN|expected|invalid/i);
});

test('numbers as people type them become numbers of the contract', () => {
  const { body, issues } = toCreateBody({ ...emptyConnectionValues, name: 'A', tokens_per_minute: '200 000' }, keep);
  expect(issues).toEqual([]);
  expect(createConnectionBodySchema.parse(body).limits).toEqual({ requests_per_minute: null, tokens_per_minute: 200_000 });
});

test('issues of the api about limits land on the fields that hold them', () => {
  expect(toConnectionField('limits.tokens_per_minute')).toBe('tokens_per_minute');
  expect(toConnectionField('base_url')).toBe('base_url');
  expect(toConnectionField('quota')).toBeUndefined();
});

test('after a change by somebody else came under what was typed, saving again sends what was typed against their version', () => {
  const latest = { ...stored, version: 4, base_url: null };
  const { values } = mergeChanges({ before: toConnectionValues(stored), theirs: toConnectionValues(latest), values: { ...toConnectionValues(stored), name: 'Mine' } });
  expect(toUpdateBody(values, keep, latest)).toEqual({ name: 'Mine', version: 4 });
});

test.each([
  ['https://proxy.example.com/v2', false], ['https://proxy.example.com:8443/v1', true], ['http://proxy.example.com/v1', true], ['', true], ['https://', false],
])('at %j the stored key stays behind: %s', (base_url, isLeft) => {
  expect(isOtherServer({ api: 'openai', base_url }, stored)).toBe(isLeft);
});

test('an empty address is the provider’s own, so writing it out is the same server', () => {
  expect(isOtherServer({ api: 'openai', base_url: '' }, { base_url: 'https://api.openai.com/v1' })).toBe(false);
  expect(isOtherServer({ api: 'anthropic', base_url: '' }, { base_url: 'https://api.openai.com/v1' })).toBe(true);
});
