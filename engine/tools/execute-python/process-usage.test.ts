import { expect, test } from 'vitest';
import { readProcessUsage } from './process-usage.ts';

test('tells what Node tells of itself', async () => {
  const usage = await readProcessUsage(process.pid);
  const { user, system } = process.cpuUsage();
  expect(usage?.residentMb).toBeGreaterThan(process.memoryUsage().rss / 1_048_576 / 2);
  expect(usage?.residentMb).toBeLessThan((process.memoryUsage().rss / 1_048_576) * 2);
  expect(usage?.cpuMs).toBeGreaterThan(0);
  expect(usage?.cpuMs).toBeLessThanOrEqual((user + system) / 1000 + 20); // /proc rounds down, twice
});

test('a process that is gone has none', async () => {
  expect(await readProcessUsage(2 ** 22 + 1)).toBeUndefined(); // beyond the largest id Linux gives
});
