import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

const never = new AbortController().signal;

test('only as many hold a slot as there are, the others in the order they came', async () => {
  const slots = createSlots(1);
  const order: string[] = [];
  const first = await slots.take(never);
  const second = slots.take(never).then((giveBack) => { order.push('second'); return giveBack; });
  const third = slots.take(never).then((giveBack) => { order.push('third'); return giveBack; });
  await Promise.resolve();
  expect(order).toEqual([]);
  first();
  (await second)();
  (await third)();
  expect(order).toEqual(['second', 'third']);
  (await slots.take(never))();
});

test('who gives up waiting leaves with the signal\'s reason and takes nobody\'s turn', async () => {
  const slots = createSlots(1);
  const first = await slots.take(never);
  const controller = new AbortController();
  const gaveUp = slots.take(controller.signal);
  const patient = slots.take(never);
  controller.abort(new Error('cancelled'));
  await expect(gaveUp).rejects.toThrow('cancelled');
  await expect(slots.take(controller.signal)).rejects.toThrow('cancelled');
  first();
  (await patient)();
  (await slots.take(never))();
});
