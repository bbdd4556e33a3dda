import { expect, test } from 'vitest';
import { untilAborted } from './until-aborted.ts';

const forever = new Promise<never>(() => undefined);

test('work that settles first is what comes of it', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve('done'), signal)).toBe('done');
  await expect(untilAborted(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
});

test('an abort ends the wait with its reason, also one that came before', async () => {
  const controller = new AbortController();
  const waiting = untilAborted(forever, controller.signal);
  const reason = new Error('gone');
  controller.abort(reason);
  await expect(waiting).rejects.toBe(reason);
  await expect(untilAborted(Promise.resolve('done'), controller.signal)).rejects.toBe(reason);
});

test('work that fails after nobody waits any more ends no process', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on('unhandledRejection', note);
  try {
    const work = Promise.withResolvers<never>();
    await expect(untilAborted(work.promise, AbortSignal.abort('gone'))).rejects.toBe('gone');
    work.reject(new Error('late'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});
