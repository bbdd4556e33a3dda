import { expect, test } from 'vitest';
import type { TraceNode } from './build-trace.ts';
import { moveOf } from './tree-keys.ts';

const node = (id: string, parent: number, end: number): TraceNode => ({ id, parent, end }) as TraceNode;
const nodes = [node('1', -1, 3), node('1a', 0, 2), node('1b', 0, 3), node('2', -1, 4)];
const at = (row: number, rows = [0, 1, 2, 3], collapsed = new Set<string>()) => ({ nodes, rows, row, pageSize: 2, isCollapsed: ({ id }: TraceNode) => collapsed.has(id) });

test('arrows, page keys, Home and End move within the visible rows and stop at the ends', () => {
  expect(moveOf('ArrowDown', at(0))).toEqual({ kind: 'focus', row: 1 });
  expect(moveOf('ArrowUp', at(0))).toEqual({ kind: 'focus', row: 0 });
  expect(moveOf('PageDown', at(2))).toEqual({ kind: 'focus', row: 3 });
  expect(moveOf('PageUp', at(3))).toEqual({ kind: 'focus', row: 1 });
  expect(moveOf('Home', at(3))).toEqual({ kind: 'focus', row: 0 });
  expect(moveOf('End', at(0))).toEqual({ kind: 'focus', row: 3 });
});

test('right opens a row and then goes in; left closes it, or goes to the parent', () => {
  expect(moveOf('ArrowRight', at(0, [0, 3], new Set(['1'])))).toMatchObject({ kind: 'expand', node: { id: '1' } });
  expect(moveOf('ArrowRight', at(0))).toEqual({ kind: 'focus', row: 1 });
  expect(moveOf('ArrowLeft', at(0))).toMatchObject({ kind: 'collapse', node: { id: '1' } });
  expect(moveOf('ArrowLeft', at(2))).toEqual({ kind: 'focus', row: 0 });
  expect(moveOf('ArrowRight', at(3))).toBeUndefined();
  expect(moveOf('ArrowLeft', at(3))).toBeUndefined();
});

test('Enter and Space open, other keys are left to the page', () => {
  expect(moveOf('Enter', at(1))).toMatchObject({ kind: 'open', node: { id: '1a' } });
  expect(moveOf(' ', at(1))).toMatchObject({ kind: 'open', node: { id: '1a' } });
  expect(moveOf('e', at(1))).toBeUndefined();
});
