import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { traceQuery } from '@/components/trace/trace-query.ts';
import type { TextDelta } from '@/lib/live/live-channel.ts';
import { applyDeltas } from './draft-query.ts';

const runId = '0197f000-0000-7000-8000-0000000000ff';
const otherId = '0197f000-0000-7000-8000-0000000000fe';
const stepId = '0197f000-0000-7000-8000-00000000000a';

const delta = (offset: number, text: string, of = runId): TextDelta =>
  ({ id: '1-1', at: '2026-11-24T10:00:00.000Z', run_id: of, type: 'text-delta', data: { step_id: stepId, iteration: 1, attempt: 1, channel: 'text', offset, text } });

/** A client that has read the trace of the run `ageMs` ago, with this much of the answer. */
const clientWith = (text: string | null, ageMs = 0): QueryClient => {
  const client = new QueryClient();
  const draft = text === null ? null : { attempt: 1, thought: '', text };
  client.setQueryData(traceQuery(runId).queryKey, { pages: [{ cursor: null, items: [{ id: stepId, draft }], next: null }], isWhole: true } as never, { updatedAt: Date.now() - ageMs });
  return client;
};
const heard = (client: QueryClient): unknown => client.getQueryData(['draft', stepId]);
const isReadAgain = (client: QueryClient): boolean => client.getQueryState(traceQuery(runId).queryKey)?.isInvalidated === true;

test('pieces go on from what the trace was read with, each once', () => {
  const client = clientWith('One, ');
  applyDeltas(client, [delta(0, 'One, '), delta(5, 'two'), delta(5, 'two'), delta(8, ', three')]);
  expect(heard(client)).toEqual({ attempt: 1, thought: '', text: 'One, two, three' });
  expect(isReadAgain(client)).toBe(false);
});

test('of a run whose trace nobody has read nothing is kept', () => {
  const client = clientWith(null);
  applyDeltas(client, [delta(0, 'One', otherId)]);
  expect(heard(client)).toBeUndefined();
});

test('after a missed piece the trace is read again, but not for every piece behind one that is lost for good', () => {
  const old = clientWith('One, ', 60_000);
  applyDeltas(old, [delta(9, 'late')]);
  expect([isReadAgain(old), heard(old)]).toEqual([true, undefined]);
  const fresh = clientWith('One, ');
  applyDeltas(fresh, [delta(9, 'late'), delta(13, 'r')]);
  expect([isReadAgain(fresh), heard(fresh)]).toEqual([false, undefined]);
});
