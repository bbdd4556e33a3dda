import { expect, it } from 'vitest';
import { breakInstance, deepText } from '../../../tests/support/policy-engine.ts';
import { type Cedar, createCedarInstance, EngineBreakdown, loadCedar, maxBreakdowns, maxExceptions } from './cedar-instance.ts';

const fine = 'permit(principal, action, resource);';
const parse = (instance: ReturnType<typeof createCedarInstance>, text: string) => instance.ask(() => text, ({ policyToJson }) => policyToJson(text).type);

it.each([['its own stack', 500], ['the stack it shares with JavaScript', 5_000]])('a text that overflows %s breaks the instance: that question fails, the next one is answered by another', (_which, brackets) => {
  const instance = createCedarInstance();
  expect(parse(instance, fine)).toBe('success');
  expect(() => parse(instance, deepText(brackets))).toThrow(EngineBreakdown);
  expect(parse(instance, fine)).toBe('success');
  expect(instance.generation).toBe(1);
});

it('an instance that is broken answers nothing any more: that is why there must be another', () => {
  const cedar = loadCedar();
  breakInstance(cedar);
  expect(() => cedar.policyToJson(fine)).toThrow(expect.objectContaining({ name: 'RuntimeError' }));
  expect(loadCedar().policyToJson(fine)).toMatchObject({ type: 'success' });
});

it('what broke two instances is not tried again within a minute', () => {
  let now = 0;
  const instance = createCedarInstance(loadCedar, () => now);
  const tried = () => expect(() => parse(instance, deepText())).toThrow(EngineBreakdown);
  tried();
  for (let count = 0; count < 100; count++) tried();
  expect(instance.generation).toBe(2);
  now += 60_000;
  tried();
  expect(instance.generation).toBe(3);
});

it('what breaks one instance after the other gets no further one until a minute has passed, and the outage says so', () => {
  let now = 0;
  const instance = createCedarInstance(loadCedar, () => now);
  for (let count = 0; count < maxBreakdowns; count++) {
    expect(instance.findOutage()).toBeUndefined();
    expect(() => parse(instance, deepText(500 + count))).toThrow(EngineBreakdown);
    now += 1_000;
  }
  expect(instance.findOutage()).toBe('The policy engine broke down 20 times within a minute. No call is allowed until it is tried again, once the minute has passed.');
  expect(() => parse(instance, fine)).toThrow(EngineBreakdown);
  now = 60_000;
  expect(instance.findOutage()).toBeUndefined();
  expect(parse(instance, fine)).toBe('success');
});

it('where no other can be made the outage says so until one can, and each attempt is told of', () => {
  const full = new RangeError('could not allocate memory');
  let isFull = false;
  const instance = createCedarInstance(() => {
    if (isFull) throw full;
    return loadCedar();
  });
  const told: unknown[] = [];
  instance.reportTo(({ error }) => told.push(error));
  isFull = true;
  expect(() => parse(instance, deepText())).toThrow(EngineBreakdown);
  expect(() => parse(instance, fine)).toThrow(EngineBreakdown);
  expect(instance.findOutage()).toBe('The policy engine broke down and no other could be started. No call is allowed in this process until one can.');
  expect(told).toEqual([expect.objectContaining({ name: 'RuntimeError' }), full, full]);
  isFull = false;
  expect(instance.findOutage()).toBeUndefined();
  expect(parse(instance, fine)).toBe('success');
});

it('exceptions that break nothing use up the stack: the instance is replaced in time, which is no breakdown', () => {
  const made: Cedar[] = [];
  const instance = createCedarInstance(() => {
    const cedar = loadCedar();
    made.push(cedar);
    return cedar;
  });
  for (let count = 0; count < 30 * maxExceptions; count++) expect(() => parse(instance, `\ud800${count}`)).toThrow('hex escape');
  expect(made).toHaveLength(30);
  expect(instance.findOutage()).toBeUndefined();
  // What replacing spares: as many of them break an instance.
  const [first] = made as [Cedar];
  expect(() => {
    for (let count = 0; count < 10_000; count++) {
      try {
        first.policyToJson(`\ud800${count}`);
      } catch (error) {
        if (!(error as Error).message.includes('hex escape')) throw error;
      }
    }
  }).toThrow(expect.objectContaining({ name: 'RuntimeError' }));
});
