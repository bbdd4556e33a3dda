import { describe, expect, test } from 'vitest';
import { draftOf, furthestDraft, lastLineOf, mergeDelta } from './draft.ts';

const draft = { attempt: 1, thought: 'Hm. ', text: 'One, ' };
const delta = (offset: number, text: string, attempt = 1, channel: 'thought' | 'text' = 'text') => ({ attempt, channel, offset, text });

describe('mergeDelta', () => {
  test('a piece that follows is appended to its channel', () => {
    expect(mergeDelta(draft, delta(5, 'two'))).toEqual({ attempt: 1, thought: 'Hm. ', text: 'One, two' });
    expect(mergeDelta(draft, delta(4, 'Yes.', 1, 'thought'))).toEqual({ attempt: 1, thought: 'Hm. Yes.', text: 'One, ' });
  });
  test('the first piece begins a draft', () => {
    expect(mergeDelta(null, delta(0, 'One'))).toEqual({ attempt: 1, thought: '', text: 'One' });
  });
  test('a piece that is there already changes nothing, one that reaches further adds the rest', () => {
    expect(mergeDelta(draft, delta(0, 'One'))).toBe(draft);
    expect(mergeDelta(draft, delta(3, ', two'))).toMatchObject({ text: 'One, two' });
  });
  test('a higher attempt discards what was said, a lower one is ignored', () => {
    expect(mergeDelta(draft, delta(0, 'Anew', 2))).toEqual({ attempt: 2, thought: '', text: 'Anew' });
    const second = { ...draft, attempt: 2 };
    expect(mergeDelta(second, delta(5, 'late', 1))).toBe(second);
  });
  test('a piece after a missing one is a gap, also when it opens an attempt', () => {
    expect(mergeDelta(draft, delta(9, 'x'))).toBe('gap');
    expect(mergeDelta(null, delta(3, 'x'))).toBe('gap');
    expect(mergeDelta(draft, delta(3, 'x', 2))).toBe('gap');
  });
});

test('of a read draft and a heard one the furthest is shown', () => {
  expect(furthestDraft(draft, { attempt: 1, thought: '', text: 'One, two' })).toEqual({ attempt: 1, thought: 'Hm. ', text: 'One, two' });
  expect(furthestDraft(draft, { attempt: 2, thought: '', text: '' })).toMatchObject({ attempt: 2, text: '' });
  expect(furthestDraft(null, draft)).toBe(draft);
});

describe('draftOf', () => {
  const open = { kind: 'reasoning', status: 'running', attempt: 1, draft: null, output: null, is_shortened: false } as const;
  const completed = { ...open, status: 'completed', output: { text: 'One, two, three.' } } as const;
  test.each([
    ['an open turn says what was read and heard of it', { ...open, draft: { attempt: 1, thought: 'Hm. Yes.', text: '' } }, draft, { attempt: 1, thought: 'Hm. Yes.', text: 'One, ' }],
    ['words of an attempt that was given up are gone', { ...open, attempt: 2 }, draft, { attempt: 2, thought: '', text: '' }],
    ['an answer that is there takes their place', completed, draft, null],
    ['an answer still to be read does not leave a hole', { ...completed, output: null, is_shortened: true }, draft, draft],
    ['a turn that failed or was cancelled said nothing that counts', { ...open, status: 'failed' }, draft, null],
    ['nothing was heard', open, null, null],
  ] as const)('%s', (_, step, heard, shown) => {
    expect(draftOf(step, heard)).toEqual(shown);
  });
});

test('a row shows the last line, of the thought while nothing is said', () => {
  expect(lastLineOf({ attempt: 1, thought: 'a\nb\n', text: '' })).toBe('b');
  expect(lastLineOf({ attempt: 1, thought: 'a', text: 'x\ny' })).toBe('y');
});
