import { expect, test } from 'vitest';
import { jsonDepth } from './json-depth.ts';

test.each([['', 0], ['1', 0], ['{}', 1], ['{"a":[{}]}', 3], ['"[[[["', 0], ['{"a\\"[[":"]"}', 1], ['['.repeat(100_000), 100_000], ['"open [[', 0]])('the depth of %.20s is %i', (text, depth) => {
  expect(jsonDepth(text)).toBe(depth);
});
