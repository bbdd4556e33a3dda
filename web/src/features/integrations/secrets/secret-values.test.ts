import { type Secret, secretSchema, updateSecretBodySchema } from '@contracts/secrets.ts';
import { expect, test } from 'vitest';
import { emptySecretValues, toCreateBody, toSecretField, toSecretValues, toUpdateBody } from './secret-values.ts';

const stored: Secret = secretSchema.parse({
  id: '0197f000-0000-7000-8000-000000000001', name: 'github', hint: '…a91f', hosts: ['api.github.com'], description: 'Of the bot.', is_readable: true, used_by: [], last_used_at: null,
  version: 2, updated_at: '2026-11-24T10:00:00.000Z', updated_by: 'Ana',
});
const keep = { kind: 'keep' } as const;

test('a secret opened for editing and saved as it is changes nothing', () => {
  expect(toUpdateBody(toSecretValues(stored), keep, stored)).toBeUndefined();
  expect(toUpdateBody(toSecretValues(stored), { kind: 'replace', value: ' \n' }, stored)).toBeUndefined();
});

test('the value is sent without line breaks at its ends, hosts one a line', () => {
  const body = toUpdateBody({ ...toSecretValues(stored), hosts: 'API.github.com\n\n *.example.com ' }, { kind: 'replace', value: 'ghp_1\n' }, stored);
  expect(body).toEqual({ value: 'ghp_1', hosts: ['api.github.com', '*.example.com'], version: 2 });
  expect(updateSecretBodySchema.safeParse(body).success).toBe(true);
});

test('lines within a value stay', () => {
  expect(toCreateBody({ ...emptySecretValues, name: 'pem' }, { kind: 'replace', value: '\nA\nB\n' })).toMatchObject({ body: { value: 'A\nB' }, issues: [] });
});

test('what is wrong is said once for each field, a host by its own words', () => {
  const { issues } = toCreateBody({ name: 'Git Hub', hosts: 'a.example.com\nhttp://b', description: '' }, { kind: 'replace', value: '' });
  expect(issues.map(({ path }) => path)).toEqual(['name', 'value', 'hosts']);
  expect(issues[2]?.message).toMatch(/^http:\/\/b: Write a host/);
});

test('issues of the api about one host land on Hosts', () => {
  expect(toSecretField('hosts.3')).toBe('hosts');
  expect(toSecretField('version')).toBeUndefined();
});
