import { expect, test } from 'vitest';
import { createFreshValue, onlyWhenChanged } from './fresh-value.ts';

function counted() {
  let [time, loads] = [0, 0];
  const value = createFreshValue(async () => ++loads, 100, () => time);
  return { value, at: (next: number) => (time = next) };
}

test('a value is loaded once for all who ask within its time, and anew after it', async () => {
  const { value, at } = counted();
  expect(await Promise.all([value.current(), value.current()])).toEqual([1, 1]);
  at(99);
  expect(await value.current()).toBe(1);
  at(100);
  expect(await value.current()).toBe(2);
});

test('who wants it younger, or after it was forgotten, gets another', async () => {
  const { value } = counted();
  expect(await value.current()).toBe(1);
  expect(await value.current(0)).toBe(2);
  expect(await value.current()).toBe(2);
  value.forget();
  expect(await value.current()).toBe(3);
});

test('a load that failed is not kept, and does not take a later one with it', async () => {
  const results: PromiseWithResolvers<string>[] = [];
  const value = createFreshValue(() => {
    const result = Promise.withResolvers<string>();
    results.push(result);
    return result.promise;
  }, 100, () => 0);
  const [first, second] = [value.current(), value.current(0)];
  results[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  results[1]?.resolve('there');
  expect(await second).toBe('there');
  expect(await value.current()).toBe('there');
  const third = value.current(0);
  results[2]?.reject(new Error('away again'));
  await expect(third).rejects.toThrow('away again');
  results.length = 0;
  const fourth = value.current();
  results[0]?.resolve('back');
  expect(await fourth).toBe('back');
});

test('what has not changed is not loaded again, until it is to be made anew', async () => {
  let [time, version, loads] = [0, 1, 0];
  const load = onlyWhenChanged({ findVersion: async () => version, load: async () => ++loads, keepMsOf: () => 100 }, () => time);
  expect([await load(), await load()]).toEqual([1, 1]);
  version = 2;
  expect([await load(), await load()]).toEqual([2, 2]);
  time = 100;
  expect(await load()).toBe(3);
});

test('a change while a value is being loaded is seen by the next load', async () => {
  let version = 1;
  const load = onlyWhenChanged({ findVersion: async () => version, load: async () => ({ loadedAs: version++ }), keepMsOf: () => Infinity });
  expect([await load(), await load()]).toEqual([{ loadedAs: 1 }, { loadedAs: 2 }]);
});
