import { expect, test } from 'vitest';
import { wordsOfWaiting } from './waiting-words.ts';

const until = '2026-11-24T10:00:20.000Z';
const now = (seconds: number): number => Date.parse('2026-11-24T10:00:00.000Z') + seconds * 1000;

test.each([
  ['capacity', 0, 'Waiting for capacity, about 20 s'],
  ['capacity', -580, 'Waiting for capacity, about 10 min'],
  ['capacity', 25, 'Waiting for capacity, any moment now'],
  ['retry', 8, 'Trying again in 12 s'],
  ['retry', 20, 'Trying again now'],
  ['same_request', 0, 'Another run is asking the same; waiting for its answer'],
] as const)('%s %i s after: %s', (reason, seconds, words) => {
  expect(wordsOfWaiting({ reason, until }, now(seconds))).toBe(words);
});
