import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from './config.ts';

const needed = {
  DATABASE_URL: 'postgres://u@127.0.0.1/m', TEMPORAL_ADDRESS: '127.0.0.1:7233', MAESTRO_JWT_SECRET: 'x'.repeat(32), MAESTRO_ENCRYPTION_KEY: '0'.repeat(64),
};

test('every bad or missing setting is named at once, never its value', () => {
  const failed = (): unknown => loadConfig({ ...needed, DATABASE_URL: undefined, MAESTRO_ENCRYPTION_KEY: 'hunter2' });
  expect(failed).toThrow(ConfigError);
  expect(failed).toThrow(/DATABASE_URL is missing[^]*MAESTRO_ENCRYPTION_KEY must be 32 bytes in hex/);
  expect(failed).not.toThrow(/hunter2/);
});

describe('PYODIDE_PACKAGES_DIR', () => {
  test.each([['not set', undefined], ['empty', ' ']])('%s is no folder', (_name, value) => {
    expect(loadConfig({ ...needed, PYODIDE_PACKAGES_DIR: value }).tools.pyodidePackagesDir).toBeUndefined();
  });

  test('a path is made absolute, so that it means the same wherever it is used', () => {
    expect(loadConfig({ ...needed, PYODIDE_PACKAGES_DIR: 'wheels' }).tools.pyodidePackagesDir).toBe(resolve('wheels'));
  });
});

describe('TRUSTED_PROXIES', () => {
  test('nobody by default; addresses, ranges and names of ranges', () => {
    expect(loadConfig(needed).http.trustedProxies).toEqual([]);
    expect(loadConfig({ ...needed, TRUSTED_PROXIES: '10.0.0.0/8, fd00::1 loopback' }).http.trustedProxies).toEqual(['10.0.0.0/8', 'fd00::1', 'loopback']);
  });

  test.each(['true', '1', 'proxy.example.com', '10.0.0.0/33', '*'])('%s is refused', (value) => {
    expect(() => loadConfig({ ...needed, TRUSTED_PROXIES: value })).toThrow(/TRUSTED_PROXIES must be addresses/);
  });
});
