import { expect, it } from 'vitest';
import { evaluate, type PolicyJson } from './cedar-engine.ts';
import { slotOf } from './loaded-statements.ts';

const size = 1_000;
/** Conditions of which, for any set, only one holds: that of the number asked for. */
const conditionsOf = (set: number): PolicyJson['conditions'][] =>
  Array.from({ length: size }, (_each, index) => [{ kind: 'when', body: { '==': { left: { '.': { left: { Var: 'context' }, attr: 'n' } }, right: { Value: set * size + index } } } }]);
const slotFor = (key: string, conditions: PolicyJson['conditions'][]): number => {
  const loaded = slotOf(key, conditions);
  return loaded.ok ? loaded.slot : -1;
};
const holdingAt = (slot: number, n: number) => evaluate(slot, { agentId: 'a', toolName: 't', action: 'use', context: { n }, entities: [] }, `${slot} ${n}`);

it('the engine keeps a bounded number of statements, and each set is judged by its own however many there are', () => {
  const slots = new Set<number>();
  for (let set = 0; set < 14; set++) {
    const slot = slotFor(`set ${set}`, conditionsOf(set));
    slots.add(slot);
    expect(holdingAt(slot, set * size + 3)).toMatchObject({ ok: true, holding: ['3'], failing: [] });
    expect(holdingAt(slot, (set - 1) * size + 3)).toMatchObject({ ok: true, holding: [] });
  }
  expect(slots.size).toBeLessThanOrEqual(10);
  // The first one made room for others and is loaded again.
  expect(holdingAt(slotFor('set 0', conditionsOf(0)), 5)).toMatchObject({ ok: true, holding: ['5'] });
});

it('the engine keeps fewer of long ones', () => {
  const longOf = (set: number): PolicyJson['conditions'][] => [[{ kind: 'when', body: { contains: { left: { Set: [...Array.from({ length: 5_000 }, () => ({ Value: 'filler' })), { Value: set }] }, right: { '.': { left: { Var: 'context' }, attr: 'n' } } } } }]];
  const slots = new Set<number>();
  for (let set = 0; set < 150; set++) {
    const slot = slotFor(`long ${set}`, longOf(set));
    slots.add(slot);
    expect(holdingAt(slot, set)).toMatchObject({ ok: true, holding: ['0'] });
    expect(holdingAt(slot, set + 1)).toMatchObject({ ok: true, holding: [] });
  }
  expect(slots.size).toBeLessThan(120);
});

it('what the engine cannot read takes no place', () => {
  const unreadable = [[{ kind: 'when', body: { nonsense: 3 } }]] as unknown as PolicyJson['conditions'][];
  expect(slotOf('unreadable', unreadable)).toMatchObject({ ok: false, isBreakdown: false });
  expect(holdingAt(slotFor('readable', conditionsOf(1).slice(0, 4)), size + 2)).toMatchObject({ ok: true, holding: ['2'] });
});
