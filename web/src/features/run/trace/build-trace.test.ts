import type { Step } from '@contracts/runs.ts';
import { describe, expect, test } from 'vitest';
import { buildTrace } from './build-trace.ts';
import { costOf, durationAt, tokensOf } from './figures.ts';

const base = Date.parse('2026-11-24T10:00:00.000Z');
const at = (ms: number): string => new Date(base + ms).toISOString();

/** A step of `ms` milliseconds beginning at `from`; open without `ms`. */
const step = (sequence: number, iteration: number, kind: Step['kind'], changes: Partial<Step> & { from?: number; ms?: number } = {}): Step => {
  const { from = sequence * 100, ms, ...own } = changes;
  return {
    id: `step-${sequence}`, run_id: 'run', iteration, sequence, kind, status: ms === undefined ? 'running' : 'completed', summary: null, tool_name: null, tool_call_id: null,
    approval_id: null, risk_level: null, input: null, output: null, is_shortened: false, error: null, llm_model: null, llm_connection: null, is_fallback: false, is_cached: false, saved_micro_usd: null, first_token_ms: null, waiting: null, draft: null, usage: null, cost_micro_usd: null, attempt: 1,
    started_at: at(from), finished_at: ms === undefined ? null : at(from + ms), duration_ms: ms ?? null, ...own,
  };
};
const usage = (input: number | null, output: number | null) => ({ input_tokens: input, output_tokens: output, cached_input_tokens: null, cache_write_tokens: null, reasoning_tokens: null });
const outline = (steps: Step[]): string[] => buildTrace(steps).map((node) => `${'  '.repeat(node.level - 1)}${node.label}`);

describe('buildTrace', () => {
  test('groups steps by iteration, in the order they came', () => {
    expect(outline([
      step(1, 1, 'reasoning', { ms: 10 }),
      step(2, 1, 'safety', { ms: 1, tool_name: 'run_sql', tool_call_id: 'a' }),
      step(3, 1, 'tool', { ms: 5, tool_name: 'run_sql', tool_call_id: 'a' }),
      step(4, 2, 'reasoning', { ms: 10 }),
      // Remembering is off the critical path: it may come after the next turn began.
      step(5, 1, 'memory', { ms: 2, tool_name: 'run_sql', tool_call_id: 'a' }),
    ])).toEqual(['Iteration 1', '  Reasoning', '  Safety check · run_sql', '  Tool · run_sql', '  Memory · run_sql', 'Iteration 2', '  Reasoning']);
  });

  test('gives each call a row of its own where one answer asked for several', () => {
    expect(outline([
      step(1, 1, 'reasoning', { ms: 10 }),
      step(2, 1, 'safety', { ms: 1, tool_name: 'run_sql', tool_call_id: 'a' }),
      step(3, 1, 'safety', { ms: 1, tool_name: 'web_search', tool_call_id: 'b' }),
      step(4, 1, 'tool', { ms: 5, tool_name: 'web_search', tool_call_id: 'b' }),
      step(5, 1, 'tool', { ms: 5, tool_name: 'run_sql', tool_call_id: 'a' }),
    ])).toEqual([
      'Iteration 1', '  Reasoning',
      '  Call · run_sql', '    Safety check · run_sql', '    Tool · run_sql',
      '  Call · web_search', '    Safety check · web_search', '    Tool · web_search',
    ]);
  });

  test('parents show the sums of their rows', () => {
    const nodes = buildTrace([
      step(1, 1, 'reasoning', { ms: 10, usage: usage(100, 20), cost_micro_usd: 7 }),
      step(2, 1, 'tool', { ms: 30, tool_call_id: 'a' }),
      step(3, 1, 'finish', { ms: 5, usage: usage(50, 5), cost_micro_usd: 3 }),
    ]);
    const [iteration, ...rows] = nodes;
    if (iteration === undefined) throw new Error('no rows');
    expect(durationAt(iteration.figures, 0)).toBe(rows.reduce((sum, row) => sum + durationAt(row.figures, 0), 0));
    expect(tokensOf(iteration.figures)).toBe(175);
    expect(costOf(iteration.figures)).toBe(10);
    expect(tokensOf((rows[1] as (typeof nodes)[0]).figures)).toBeUndefined();
  });

  test('an unknown cost or count makes the sum unknown, not smaller', () => {
    const [iteration] = buildTrace([
      step(1, 1, 'reasoning', { ms: 10, usage: usage(100, 20), cost_micro_usd: 7 }),
      step(2, 1, 'reasoning', { ms: 10, usage: usage(null, null), cost_micro_usd: null }),
    ]);
    expect(iteration && tokensOf(iteration.figures)).toBeNull();
    expect(iteration && costOf(iteration.figures)).toBeNull();
  });

  test('open steps count up to now, in their parents too', () => {
    const [iteration, , open] = buildTrace([step(1, 1, 'reasoning', { from: 0, ms: 40 }), step(2, 1, 'tool', { from: 100, tool_call_id: 'a' })]);
    expect(open && durationAt(open.figures, base + 160)).toBe(60);
    expect(iteration && durationAt(iteration.figures, base + 160)).toBe(100);
    expect(iteration).toMatchObject({ status: 'running', finishedAt: null, startedAt: base });
  });

  test('a parent shows what waits before what failed before what is done', () => {
    const rows = [step(1, 1, 'reasoning', { ms: 1 }), step(2, 1, 'tool', { ms: 1, status: 'failed' })];
    expect(buildTrace(rows)[0]?.status).toBe('failed');
    expect(buildTrace([...rows, step(3, 1, 'approval', { status: 'waiting' })])[0]?.status).toBe('waiting');
  });

  test('a parent waits in line only while nothing in it waits for a person', () => {
    const queued = step(1, 1, 'tool', { status: 'waiting', tool_call_id: 'a' });
    const asked = step(2, 1, 'approval', { status: 'waiting', tool_call_id: 'b' });
    expect(buildTrace([queued])[0]).toMatchObject({ status: 'waiting', isInLine: true });
    for (const steps of [[queued, asked], [asked, queued], [step(1, 1, 'tool')]]) expect(buildTrace(steps)[0]?.isInLine).toBe(false);
  });

  test('counts siblings within their parent', () => {
    const nodes = buildTrace([step(1, 1, 'reasoning', { ms: 1 }), step(2, 1, 'tool', { ms: 1 }), step(3, 2, 'finish', { ms: 1 })]);
    expect(nodes.map((node) => [node.position, node.setSize])).toEqual([[1, 2], [1, 2], [2, 2], [2, 2], [1, 1]]);
  });

  test('ten thousand steps keep every step once, with ranges that nest, and cost grows no faster than their number', () => {
    const stepsOf = (iterations: number): Step[] =>
      Array.from({ length: iterations }, (_, iteration) => [
        step(iteration * 5, iteration + 1, 'reasoning', { ms: 10, usage: usage(10, 1), cost_micro_usd: 1 }),
        ...['a', 'b'].flatMap((call, index) => [
          step(iteration * 5 + 1 + index * 2, iteration + 1, 'safety', { ms: 1, tool_call_id: `${iteration}${call}` }),
          step(iteration * 5 + 2 + index * 2, iteration + 1, 'tool', { ms: 3, tool_call_id: `${iteration}${call}` }),
        ]),
      ]).flat();
    const steps = stepsOf(2000);
    const nodes = buildTrace(steps);
    expect(nodes).toHaveLength(steps.length + 2000 * 3);
    expect(new Set(nodes.map((node) => node.id)).size).toBe(nodes.length);
    nodes.forEach((node, index) => {
      const parent = nodes[node.parent];
      if (parent !== undefined) expect(node.parent < index && node.end <= parent.end).toBe(true);
    });
    expect(nodes.filter((node) => node.kind === 'iteration').reduce((sum, node) => sum + node.figures.costMicroUsd, 0)).toBe(2000);
    // One walk: each step is read a bounded number of times, whatever the size. Counted, not timed.
    const reads = (count: number): number => {
      let read = 0;
      const counted = stepsOf(count).map((one) => new Proxy(one, { get: (target, key) => ((read += 1), Reflect.get(target, key)) }));
      buildTrace(counted);
      return read / counted.length;
    };
    expect(reads(400)).toBeCloseTo(reads(40), 5);
  });
});
