import { expect, test } from 'vitest';
import { defaultModelParameters } from '../../../contracts/agents.ts';
import type { RequestSettings } from '../parameter-rules.ts';
import { checkAnthropicRequest } from './parameter-rules.ts';

const settings = ({ parameters, ...more }: Partial<Omit<RequestSettings, 'parameters'>> & { parameters?: Partial<RequestSettings['parameters']> }): RequestSettings => ({
  model: 'claude-haiku-4-5', isOfficial: true, temperature: null, max_output_tokens: null, output_schema: null, tools: [], ...more, parameters: { ...defaultModelParameters, ...parameters },
});
const refusedPaths = (given: Parameters<typeof settings>[0]): string[] => checkAnthropicRequest(settings(given)).map(({ path }) => path);
const budget = (tokens: number) => ({ thinking_budget_tokens: tokens });

test('nothing set is nothing refused', () => {
  for (const model of ['claude-haiku-4-5-20251001', 'claude-opus-4-7', 'claude-sonnet-5-5', 'some-local-model']) expect(refusedPaths({ model })).toEqual([]);
});

test.each<[string, Parameters<typeof settings>[0], string[]]>([
  ['no sampling at Anthropic itself', { temperature: 0.2, parameters: { top_p: 0.5 } }, ['temperature', 'parameters.top_p']],
  ['sampling at a compatible server', { isOfficial: false, temperature: 0.2, parameters: { top_p: 0.5 } }, []],
  ['no seed or penalties anywhere', { isOfficial: false, parameters: { seed: 1, frequency_penalty: 1, presence_penalty: 1 } }, ['parameters.seed', 'parameters.frequency_penalty', 'parameters.presence_penalty']],
  ['a budget within the answer', { max_output_tokens: 4_096, parameters: budget(2_048) }, []],
  ['a budget as large as the answer', { max_output_tokens: 2_048, parameters: budget(2_048) }, ['parameters.thinking_budget_tokens']],
  ['a budget where no limit is set', { parameters: budget(100_000) }, []],
  ['a budget too small', { parameters: budget(512) }, ['parameters.thinking_budget_tokens']],
  ['a budget for a model that decides itself', { model: 'claude-opus-4-7', parameters: budget(2_048) }, ['parameters.thinking_budget_tokens']],
  ['a budget for the newest', { model: 'claude-sonnet-5-5', parameters: budget(2_048) }, ['parameters.thinking_budget_tokens']],
  ['a budget for one between', { model: 'claude-opus-4-6', parameters: budget(2_048) }, []],
  ['an effort for one that takes it', { model: 'claude-opus-4-5-20251101', parameters: { reasoning_effort: 'low' } }, []],
  ['an effort for one that does not', { parameters: { reasoning_effort: 'low' } }, ['parameters.reasoning_effort']],
  ['an effort that is none here', { model: 'claude-sonnet-5', parameters: { reasoning_effort: 'minimal' } }, ['parameters.reasoning_effort']],
  ['a temperature beside a budget at a compatible server', { isOfficial: false, temperature: 0.2, parameters: budget(2_048) }, ['temperature']],
])('%s', (_rule, given, expected) => {
  expect(refusedPaths(given)).toEqual(expected);
});
