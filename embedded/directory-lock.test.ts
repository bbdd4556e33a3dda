import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { lockDirectory, waitForDirectoryLock } from './directory-lock.ts';
import { startNodeProcess } from './managed-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maestro-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const guard = new URL('./guard.ts', import.meta.url).pathname;

test('a directory is locked once, and again after the release', () => {
  const first = lockDirectory(folder);
  expect(first).toBeDefined();
  expect(lockDirectory(folder)).toBeUndefined();
  first?.release();
  const second = lockDirectory(folder);
  expect(second).toBeDefined();
  second?.release();
});

test('a process that is killed leaves no lock behind', async () => {
  const holder = startNodeProcess({ script: guard, args: [folder, process.execPath, '-e', 'setInterval(() => {}, 1000)'] });
  const { pid } = await holder.firstMessage<{ pid: number }>();
  expect(lockDirectory(folder)).toBeUndefined();
  await expect(waitForDirectoryLock(folder, 0)).rejects.toThrow(/in use/);
  await holder.kill();
  process.kill(pid, 'SIGKILL');
  (await waitForDirectoryLock(folder, 10_000)).release();
});

test('the guard ends its program on SIGTERM and hands on how it ended', async () => {
  const holder = startNodeProcess({ script: guard, args: ['', process.execPath, '-e', 'process.on("SIGTERM", () => process.exit(7)); console.log("up"); setInterval(() => {}, 1000)'], onLine: (line) => line === 'up' && up.resolve() });
  const up = Promise.withResolvers<void>();
  await up.promise;
  await holder.stop();
  expect(await holder.exited).toBe('exit code 7');
});
