import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNotifier } from './notifier.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A notifier in front of a record of what Temporal was asked. */
const notifierOf = (answer: () => Promise<unknown> = () => Promise.resolve()) => {
  const signalWithStart = vi.fn(answer);
  return { signalWithStart, notifier: createNotifier({ workflow: { signalWithStart } } as never, { taskQueuePrefix: 'test' }) };
};

test('the first call signals a moment later, a burst after it once more', async () => {
  const { notifier, signalWithStart } = notifierOf();
  await notifier.wake();
  expect(signalWithStart).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(250);
  expect(signalWithStart).toHaveBeenCalledExactlyOnceWith('noticesWorkflow', expect.objectContaining({ workflowId: 'test-notices', taskQueue: 'test-workflows' }));
  for (let n = 0; n < 100; n++) await notifier.wake();
  expect(signalWithStart).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(500);
  expect(signalWithStart).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(signalWithStart).toHaveBeenCalledTimes(2);
});

test('without Temporal nobody waits and nothing is thrown', async () => {
  const { notifier, signalWithStart } = notifierOf(() => Promise.reject(new Error('no connection')));
  await expect(notifier.wake()).resolves.toBeUndefined();
  await vi.advanceTimersByTimeAsync(1_000);
  await notifier.wake();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(signalWithStart).toHaveBeenCalledTimes(2);
});
