import type { Step } from '@contracts/runs.ts';
import { describe, expect, test } from 'vitest';
import { alignSteps } from './align-steps.ts';

const step = (iteration: number, kind: Step['kind'], changes: Partial<Step> = {}): Step =>
  ({ iteration, kind, status: 'completed', tool_name: null, summary: null, is_shortened: false, input: null, output: null, error: null, ...changes }) as Step;
const tool = (iteration: number, name: string, changes: Partial<Step> = {}): Step => step(iteration, 'tool', { tool_name: name, ...changes });
const marks = (a: Step[], b: Step[]): string[] => alignSteps(a, b).map((pair) => `${pair.iteration} ${(pair.a ?? pair.b)?.tool_name ?? (pair.a ?? pair.b)?.kind} ${pair.mark}`);

describe('alignSteps', () => {
  test('two runs that did the same are the same, although ids and times differ', () => {
    const run = (id: string): Step[] => [step(1, 'reasoning', { id, output: { tool_calls: [{ id, arguments: { b: 1, a: 2 } }] }, duration_ms: id.length })];
    const other = (id: string): Step[] => [step(1, 'reasoning', { id, output: { tool_calls: [{ arguments: { a: 2, b: 1 }, id }] }, duration_ms: 99 })];
    expect(marks(run('x'), other('yy'))).toEqual(['1 reasoning same']);
  });

  test('other arguments, results or endings are changes', () => {
    expect(marks([tool(1, 'run_sql', { input: { query: 'a' } })], [tool(1, 'run_sql', { input: { query: 'b' } })])).toEqual(['1 run_sql changed']);
    expect(marks([tool(1, 'run_sql')], [tool(1, 'run_sql', { status: 'failed', error: { code: 'TOOL_FAILED', message: 'no' } })])).toEqual(['1 run_sql changed']);
  });

  test('what only one run did stands where it did it', () => {
    expect(marks(
      [step(1, 'reasoning'), tool(1, 'run_sql'), step(2, 'reasoning'), step(2, 'finish')],
      [step(1, 'reasoning'), tool(1, 'web_search'), step(2, 'reasoning'), tool(2, 'send_email'), step(3, 'finish')],
    )).toEqual(['1 reasoning same', '1 run_sql only_a', '1 web_search only_b', '2 reasoning same', '2 finish only_a', '2 send_email only_b', '3 finish only_b']);
  });

  test('several calls of a tool in one answer pair up in their order', () => {
    const pairs = alignSteps([tool(1, 'run_sql', { id: 'a1' }), tool(1, 'run_sql', { id: 'a2' })], [tool(1, 'run_sql', { id: 'b1' }), tool(1, 'run_sql', { id: 'b2' }), tool(1, 'run_sql', { id: 'b3' })]);
    expect(pairs.map((pair) => [pair.a?.id, pair.b?.id])).toEqual([['a1', 'b1'], ['a2', 'b2'], [undefined, 'b3']]);
  });

  test('every step of both runs is there once, whatever the order', () => {
    const a = [tool(2, 'x', { id: '1' }), step(1, 'memory', { id: '2' }), step(3, 'finish', { id: '3' })];
    const b = [step(3, 'finish', { id: '4' }), tool(2, 'x', { id: '5' }), step(9, 'safety', { id: '6' })];
    const pairs = alignSteps(a, b);
    expect(pairs.flatMap((pair) => pair.a?.id ?? []).sort()).toEqual(['1', '2', '3']);
    expect(pairs.flatMap((pair) => pair.b?.id ?? []).sort()).toEqual(['4', '5', '6']);
  });
});
