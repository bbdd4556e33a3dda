import { expect, test } from 'vitest';
import { createTurnstile } from './turnstile.ts';

test('calls run one after another in the order they were made, whatever each takes', async () => {
  const inTurn = createTurnstile();
  const log: string[] = [];
  const finish: (() => void)[] = [];
  const slow = inTurn(async (name: string) => {
    log.push(`${name} starts`);
    await new Promise<void>((resolve) => finish.push(resolve));
    log.push(`${name} ends`);
    return name;
  });
  const both = Promise.all([slow('first'), slow('second')]);
  await expect.poll(() => finish.length).toBe(1);
  finish[0]?.();
  await expect.poll(() => finish.length).toBe(2);
  finish[1]?.();
  expect(await both).toEqual(['first', 'second']);
  expect(log).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
});

test('a failed call does not keep the next from running', async () => {
  const inTurn = createTurnstile();
  const work = inTurn(async (fails: boolean) => {
    if (fails) throw new Error('failed');
    return 'ran';
  });
  const [first, second] = await Promise.allSettled([work(true), work(false)]);
  expect(first.status).toBe('rejected');
  expect(second).toEqual({ status: 'fulfilled', value: 'ran' });
});
