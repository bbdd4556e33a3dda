import { modelParametersSchema, parameterNames } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { emptyParameterValues, fromLines, fromParameterValues, hasParameters, parameterSpecs, toLines, toParameterValues, visibleParameters } from './parameter-values.ts';

const names = (taken: Parameters<typeof visibleParameters>[1], changes: Partial<typeof emptyParameterValues> = {}, temperature = ''): string =>
  visibleParameters({ temperature, parameters: { ...emptyParameterValues, ...changes } }, taken).map(({ spec, isTaken }) => `${spec.name}${isTaken ? '' : '!'}`).join(' ');

test('every parameter of the contract has its field', () => {
  expect(parameterSpecs.map(({ name }) => name).toSorted()).toEqual([...parameterNames].toSorted());
});

test('parameters survive the way into the form and back', () => {
  const parameters = modelParametersSchema.parse({
    top_p: 0.9, stop_sequences: ['END', '\n\n', 'a\\nb', '\tx '], seed: 0, frequency_penalty: -2, presence_penalty: 1.5, reasoning_effort: 'low', thinking_budget_tokens: 2048, parallel_tool_calls: false,
  });
  expect(fromParameterValues(toParameterValues(parameters))).toEqual(parameters);
  expect(fromParameterValues(emptyParameterValues)).toEqual(modelParametersSchema.parse({}));
});

test('a stop sequence with a line break is typed on one line', () => {
  expect(toLines(['\n', 'b'])).toBe('\\n\nb');
  expect(fromLines('\\n\n\nC:\\dir\n')).toEqual(['\n', 'C:\\dir']);
});

test('only parameters the connection takes are shown', () => {
  expect(names(['temperature', 'seed'])).toBe('temperature seed');
  expect(names([])).toBe('');
});

test('a value the connection does not take stays in sight, marked, until it is cleared', () => {
  expect(names(['temperature'], { seed: '7', thinking_budget_tokens: '2048' })).toBe('temperature seed! thinking_budget_tokens!');
  expect(names([], {}, '0')).toBe('temperature!');
  expect(names(['temperature'], { seed: ' ' })).toBe('temperature');
});

test('nothing is hidden from a connection nothing is known of', () => {
  expect(names(undefined).split(' ')).toHaveLength(parameterSpecs.length);
});

test('a form with any parameter set says so', () => {
  expect(hasParameters({ temperature: '', parameters: emptyParameterValues })).toBe(false);
  expect(hasParameters({ temperature: '0', parameters: emptyParameterValues })).toBe(true);
  expect(hasParameters({ temperature: '', parameters: { ...emptyParameterValues, parallel_tool_calls: 'no' } })).toBe(true);
});
