import { describe, expect, test } from 'vitest';
import type { TraceNode } from './build-trace.ts';
import { errorRows, nextIn, visibleRows } from './visible-rows.ts';

const node = (id: string, level: number, parent: number, end: number, changes: Partial<TraceNode> = {}): TraceNode =>
  ({ id, kind: level === 1 ? 'iteration' : 'step', level, parent, end, label: id, detail: null, status: 'completed', step: null, ...changes }) as TraceNode;

const nodes = [
  node('Iteration 1', 1, -1, 3),
  node('Reasoning', 2, 0, 2, { detail: 'count the tickets' }),
  node('Tool · run_sql', 2, 0, 3, { detail: '47 rows' }),
  node('Iteration 2', 1, -1, 5),
  node('Tool · send_email', 2, 3, 5, { status: 'failed', detail: 'mailbox is full' }),
];
const none = { text: '', onlyErrors: false };

describe('visibleRows', () => {
  test('leaves out what lies in collapsed rows', () => {
    expect(visibleRows(nodes, new Set(), none).rows).toEqual([0, 1, 2, 3, 4]);
    expect(visibleRows(nodes, new Set(['Iteration 1']), none).rows).toEqual([0, 3, 4]);
  });
  test('a search shows hits with what they belong to, collapsed or not', () => {
    expect(visibleRows(nodes, new Set(['Iteration 1']), { text: 'ROWS run_sql', onlyErrors: false })).toEqual({ rows: [0, 2], hits: 1 });
    expect(visibleRows(nodes, new Set(), { text: 'nowhere', onlyErrors: false })).toEqual({ rows: [], hits: 0 });
  });
  test('errors only, with a search inside', () => {
    expect(visibleRows(nodes, new Set(), { text: '', onlyErrors: true }).rows).toEqual([3, 4]);
    expect(visibleRows(nodes, new Set(), { text: 'rows', onlyErrors: true }).hits).toBe(0);
  });
});

describe('nextIn', () => {
  test('goes forward and back, round the ends, and nowhere without entries', () => {
    const errors = [3, 8];
    expect([nextIn(errors, -1, 1), nextIn(errors, 3, 1), nextIn(errors, 8, 1)]).toEqual([3, 8, 3]);
    expect([nextIn(errors, 8, -1), nextIn(errors, 3, -1), nextIn([], 0, 1)]).toEqual([3, 8, undefined]);
  });
  test('refused calls are not errors', () => {
    expect(errorRows([...nodes, node('Safety check', 2, 3, 6, { status: 'refused' })])).toEqual([4]);
  });
});
