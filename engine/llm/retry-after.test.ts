import { expect, test } from 'vitest';
import { readRetryAfterMs } from './retry-after.ts';

test.each([
  [{ 'retry-after': '2' }, 2_000],
  [{ 'retry-after': '-2' }, undefined],
  [{ 'retry-after': 'soon' }, undefined],
  [{ 'retry-after': 'Tue, 24 Nov 2026 12:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Tue, 24 Nov 2026 11:00:00 GMT' }, 0],
  [{ 'retry-after': '86400' }, 3_600_000],
  [{ 'retry-after-ms': 'x', 'retry-after': '3' }, 3_000],
  [{}, undefined],
])('retry-after %j is %s ms', (headers, expected) => {
  expect(readRetryAfterMs(new Headers(headers as Record<string, string>), Date.parse('2026-11-24T12:00:00Z'))).toBe(expected);
});
