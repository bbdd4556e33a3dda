import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { traceQuery } from '@/components/trace/trace-query.ts';
import type { TextDelta } from '@/lib/live/live-channel.ts';
import { applyDeltas } from './draft-query.ts';

const runId = '0197f000-0000-7000-8000-0000000000ff';
const otherId = '0197f000-0000-7000-8000-0000000000fe';
const stepId = '0197f000-0000-7000-8000-00000000000a';

const delta = (offset: number, text: string, of = runId): TextDelta =>
  ({ id: '1-1', at: '2026-11-24T10:00:00.000Z', run_id: of, type: 'text-delta', data: { step_id: stepId, iteration: 1, attempt: 1, channel: 'text', offset, text } });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A client that has just read the trace of the run, with this much of the answer. */
const clientWith = (text: string | null): QueryClient => {
  const client = new QueryClient();
  const draft = text === null ? null : { attempt: 1, thought: '', text };
  client.setQueryData(traceQuery(runId).queryKey, { pages: [{ cursor: null, items: [{ id: stepId, draft }], next: null }], isWhole: true } as never);
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

test('after a missed piece the trace is read again, once for all the pieces behind it, also when none follows', () => {
  const client = clientWith('One, ');
  const readings = vi.spyOn(client, 'invalidateQueries');
  for (let offset = 9; offset < 13; offset++) applyDeltas(client, [delta(offset, 'l')]);
  expect([heard(client), readings.mock.calls.length]).toEqual([undefined, 0]);
  vi.runAllTimers();
  expect([isReadAgain(client), readings.mock.calls.length]).toEqual([true, 1]);
  applyDeltas(client, [delta(13, 'l')]);
  vi.runAllTimers();
  expect(readings.mock.calls.length).toBe(2);
});

test('a piece that comes while the trace is read for the first time is read after that, and the reading is left to finish', async () => {
  const client = new QueryClient();
  const { queryKey } = traceQuery(runId);
  const first = Promise.withResolvers<never>();
  const reading = client.fetchQuery({ queryKey, queryFn: () => first.promise });
  applyDeltas(client, [delta(0, 'One')]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect([client.isFetching({ queryKey }), isReadAgain(client)]).toEqual([1, false]);
  first.resolve({ pages: [], isWhole: true } as never);
  await reading;
  await vi.advanceTimersByTimeAsync(10_000);
  expect(isReadAgain(client)).toBe(true);
});
