import { expect, test } from 'vitest';
import { previewOf } from './file-kind.ts';

test.each([
  ['image/png', 1_000, 'image'],
  ['IMAGE/PNG', 1_000, 'image'],
  ['image/png', 10_000_001, 'none'],
  ['image/svg+xml', 1_000, 'text'],
  ['text/html; charset=utf-8', 1_000, 'text'],
  ['text/csv', 256_001, 'none'],
  ['application/json', 10, 'text'],
  ['application/pdf', 10, 'none'],
  ['', 10, 'none'],
] as const)('a file of type %s with %d bytes can be looked at as: %s', (media_type, bytes, preview) => {
  expect(previewOf({ media_type, bytes })).toBe(preview);
});
