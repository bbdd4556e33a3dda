import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../platform/config.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const text = readFileSync(at('docker-compose.yml'), 'utf8');

interface Service {
  image: string;
  command?: string[];
  environment?: Record<string, string | number>;
  healthcheck?: object;
  ports?: string[];
  restart?: string;
  volumes?: string[];
  depends_on?: Record<string, { condition: string }>;
}
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, null> };
const services = Object.entries(compose.services);

/** As compose fills in `${NAME:-default}`, `${NAME-default}` and `${NAME:?message}`. */
const fillIn = (value: string, env: Record<string, string>): string =>
  value.replace(/\$\{(\w+)(?:(:?)([-?])([^}]*))?\}/g, (_, name: string, colon: string, kind: string | undefined, rest: string | undefined) => {
    const given = env[name];
    if (given !== undefined && (given !== '' || colon !== ':')) return given;
    if (kind === '?') throw new Error(`${name} is required: ${rest}`);
    return rest ?? '';
  });
const required = { POSTGRES_PASSWORD: 'a'.repeat(48), MAESTRO_JWT_SECRET: 'b'.repeat(64), MAESTRO_ENCRYPTION_KEY: 'c'.repeat(64), MAESTRO_ADMIN_EMAIL: 'admin@example.com', MAESTRO_ADMIN_PASSWORD: 'long enough for you' };
const environmentOf = (name: string, env: Record<string, string>): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(compose.services[name]?.environment ?? {}).map(([key, value]) => [key, fillIn(String(value), env)]));

test.each(['api', 'worker', 'migrate'])('%s gets a configuration that it accepts', (name) => {
  const config = loadConfig(environmentOf(name, required));
  expect(config.database.url).toBe(`postgres://maestro:${required.POSTGRES_PASSWORD}@postgres:5432/maestro`);
  expect(config.temporal.address).toBe('temporal:7233');
  expect(config.memory.chromaUrl).toBe('http://chroma:8000');
  expect(loadConfig(environmentOf(name, { ...required, CHROMA_URL: '' })).memory.chromaUrl).toBeUndefined();
});

test.each(Object.keys(required))('nothing starts without %s', (name) => {
  const without: Record<string, string> = { ...required };
  delete without[name];
  expect(() => environmentOf('api', without)).toThrow(`${name} is required`);
});

test('no secret has a default', () => {
  expect(text.match(/\$\{\w*(PASSWORD|SECRET|ENCRYPTION_KEY)\w*:?-[^}]+\}/g)).toBeNull();
});

test('every service waits for services that exist, by a check that they have or an end that they reach', () => {
  for (const [name, { depends_on: dependencies = {} }] of services) {
    for (const [other, { condition }] of Object.entries(dependencies)) {
      const target = compose.services[other];
      expect(target, `${name} waits for ${other}`).toBeDefined();
      if (condition === 'service_healthy') expect(target?.healthcheck, `${name} waits for the health of ${other}`).toBeDefined();
      if (condition === 'service_completed_successfully') expect(target?.restart ?? 'no', `${name} waits for the end of ${other}`).toBe('no');
    }
  }
});

test('images are pinned, ports open on this machine only, and what is run and mounted exists', () => {
  for (const [name, service] of services) {
    expect(service.image, name).toMatch(/:(\D*\d+\.\d+|local)/);
    for (const port of service.ports ?? []) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    const script = service.command?.[0] === 'node' ? service.command[1] : undefined;
    if (script !== undefined) expect(existsSync(at(script)), `${name} runs ${script}`).toBe(true);
    for (const volume of service.volumes ?? []) {
      const source = volume.split(':')[0] as string;
      expect(source.startsWith('./') ? existsSync(at(source)) : source in compose.volumes, `${name} mounts ${source}`).toBe(true);
    }
  }
});

test('every folder that the image needs is let through to its build', () => {
  const ignored = readFileSync(at('.dockerignore'), 'utf8');
  for (const room of ['activities', 'api', 'contracts', 'db', 'engine', 'platform', 'scripts', 'temporal', 'web', 'worker.ts', 'workflows', 'package-lock.json', '.npmrc']) expect(ignored.split('\n'), room).toContain(`!${room}`);
});
