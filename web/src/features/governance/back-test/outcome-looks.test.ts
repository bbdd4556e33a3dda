import { expect, test } from 'vitest';
import { resultSentence } from './outcome-looks.ts';

const counts = { looser: 0, stricter: 0, unchanged: 0, not_replayable: 0 };
const found = { status: 'completed', total: 10, done: 10, error: null, counts } as const;

test.each([
  ['an empty range is said to be empty, not unchanged', { ...found, total: 0, done: 0 }, 'No decision was recorded in this range, so there was nothing to judge anew.'],
  ['looser and stricter are told apart', { ...found, counts: { ...counts, looser: 2, stricter: 1, unchanged: 7 } }, 'The draft would have decided 3 of 10 decisions differently: 2 looser, 1 stricter.'],
  ['no change is said only of what could be judged', { ...found, counts: { ...counts, unchanged: 9, not_replayable: 1 } }, 'Of what can be judged anew, nothing would have been decided differently.'],
  ['a stopped one says how far it came', { ...found, status: 'cancelled', done: 4, counts: { ...counts, unchanged: 4 } }, 'Stopped after 4 of 10 decisions. Nothing would have been decided differently.'],
  ['a failed one says why', { ...found, status: 'failed', error: 'The draft is gone.' }, 'The draft is gone.'],
  ['one that has just begun has no total yet', { ...found, status: 'running', total: 0, done: 0 }, 'Decisions are being counted.'],
] as const)('%s', (_, backTest, sentence) => {
  expect(resultSentence(backTest)).toBe(sentence);
});
