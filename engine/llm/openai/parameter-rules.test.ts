import { expect, test } from 'vitest';
import { defaultModelParameters, parameterNames } from '../../../contracts/agents.ts';
import type { RequestSettings } from '../parameter-rules.ts';
import { checkOpenAiRequest, openAiParameters } from './parameter-rules.ts';

const settings = ({ parameters, ...more }: Partial<Omit<RequestSettings, 'parameters'>> & { parameters?: Partial<RequestSettings['parameters']> }): RequestSettings => ({
  model: 'gpt-4.1', isOfficial: true, temperature: null, max_output_tokens: null, output_schema: null, tools: [], ...more, parameters: { ...defaultModelParameters, ...parameters },
});
const refusedPaths = (given: Parameters<typeof settings>[0]): string[] => checkOpenAiRequest(settings(given)).map(({ path }) => path);

test('nothing set is nothing refused', () => {
  for (const model of ['gpt-4.1', 'gpt-5', 'o4-mini', 'gpt-6-sol', 'some-local-model']) expect(refusedPaths({ model })).toEqual([]);
});

test.each<[string, Parameters<typeof settings>[0], string[]]>([
  ['a model that always reasons takes no sampling', { model: 'o4-mini', temperature: 0.2, parameters: { top_p: 0.5, presence_penalty: 1 } }, ['temperature', 'parameters.top_p', 'parameters.presence_penalty']],
  ['the first of the fifth generation neither', { model: 'gpt-5-mini-2025-08-07', temperature: 0.2 }, ['temperature']],
  ['but its default temperature', { model: 'gpt-5-mini', temperature: 1 }, []],
  ['its chat model does', { model: 'gpt-5-chat-latest', temperature: 0.2 }, []],
  ['a later one does while no effort is set', { model: 'gpt-5.4-mini', temperature: 0.2 }, []],
  ['and not with an effort', { model: 'gpt-5.4-mini', temperature: 0.2, parameters: { reasoning_effort: 'low' } }, ['temperature']],
  ['a model that cannot reason takes no effort', { model: 'gpt-4.1', temperature: 0.2, parameters: { reasoning_effort: 'low' } }, ['parameters.reasoning_effort']],
  ['the o series knows no minimal effort', { model: 'o3', parameters: { reasoning_effort: 'minimal' } }, ['parameters.reasoning_effort']],
  ['nor stop sequences', { model: 'o3', parameters: { stop_sequences: ['END'] } }, ['parameters.stop_sequences']],
  ['there is no thinking budget', { parameters: { thinking_budget_tokens: 2_048 } }, ['parameters.thinking_budget_tokens']],
  ['nor at a compatible server', { isOfficial: false, parameters: { thinking_budget_tokens: 2_048 } }, ['parameters.thinking_budget_tokens']],
  ['a compatible server is left alone else', { isOfficial: false, model: 'o3', temperature: 0.2, parameters: { reasoning_effort: 'minimal', stop_sequences: ['END'], seed: 1 } }, []],
])('%s', (_rule, given, expected) => {
  expect(refusedPaths(given)).toEqual(expected);
});

test('the parameters are those of the contract', () => {
  expect(parameterNames.filter((name) => !openAiParameters.includes(name))).toEqual(['thinking_budget_tokens']);
});
