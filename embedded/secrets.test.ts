import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadSecrets } from './secrets.ts';

let file: string;
beforeEach(() => {
  file = join(mkdtempSync(join(tmpdir(), 'maestro-secrets-')), 'secrets.json');
});
afterEach(() => rmSync(join(file, '..'), { recursive: true, force: true }));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('secrets are made once, kept, and readable by their owner alone', () => {
  const secrets = loadSecrets(file);
  expect(modeOf(file)).toBe(0o600);
  expect(secrets.jwt_secret.length).toBeGreaterThanOrEqual(32);
  expect(secrets.encryption_key).toMatch(/^[0-9a-f]{64}$/);
  expect(loadSecrets(file)).toEqual(secrets);
});

test('two installations share no secret', () => {
  const first = loadSecrets(file);
  const second = loadSecrets(`${file}.other`);
  for (const name of ['jwt_secret', 'encryption_key', 'admin_password'] as const) expect(second[name]).not.toBe(first[name]);
});

test('a file that was opened to others is closed again', () => {
  loadSecrets(file);
  chmodSync(file, 0o644);
  loadSecrets(file);
  expect(modeOf(file)).toBe(0o600);
});

test.each([['half of it', '{"jwt_secret": "'], ['a secret that is too short', JSON.stringify({ jwt_secret: 'x' })], ['nothing', '']])('a damaged file (%s) is refused and left as it is', (_what, text) => {
  writeFileSync(file, text);
  expect(() => loadSecrets(file)).toThrow(/is damaged/);
  expect(readFileSync(file, 'utf8')).toBe(text);
});
