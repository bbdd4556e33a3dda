import { expect, test } from 'vitest';
import { testRequest } from '../adapter-under-test.cases.ts';
import type { ModelMessage } from '../language-model.ts';
import { toAnthropicBody } from './to-anthropic-body.ts';

const closed = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'], additionalProperties: false };

test('every parameter has its field', () => {
  const request = testRequest(undefined, { parameters: { stop_sequences: ['END'], reasoning_effort: 'low', parallel_tool_calls: false } });
  expect(toAnthropicBody({ ...request, model: 'claude-sonnet-4-6' }, true)).toMatchObject({
    stop_sequences: ['END'], output_config: { effort: 'low' }, thinking: { type: 'adaptive' }, tool_choice: { type: 'auto', disable_parallel_tool_use: true },
  });
});

test('a budget for thinking leaves room for the answer beside it', () => {
  expect(toAnthropicBody(testRequest(undefined, { model: 'claude-haiku-4-5', parameters: { thinking_budget_tokens: 4_096 } }), true)).toMatchObject({
    max_tokens: 12_288, thinking: { type: 'enabled', budget_tokens: 4_096, display: 'summarized' },
  });
});

test('the schema of the answer goes only to Anthropic itself, and only where its grammar takes it', () => {
  const format = { type: 'json_schema', schema: closed };
  expect(toAnthropicBody(testRequest(undefined, { outputSchema: closed }), true)).toMatchObject({ output_config: { format } });
  expect(toAnthropicBody(testRequest(undefined, { outputSchema: closed }), false)).not.toHaveProperty('output_config');
  expect(toAnthropicBody(testRequest(undefined, { outputSchema: { ...closed, required: [] } }), true)).not.toHaveProperty('output_config');
});

test('four marks for the cache at most: tools, system and the last two messages of the other side', () => {
  const turns = Array.from({ length: 30 }, (_, turn): ModelMessage[] => [
    { role: 'assistant', content: '', toolCalls: [{ id: `c${turn}`, name: 'run_sql', arguments: {}, rawArguments: '{}' }] },
    { role: 'tool', toolCallId: `c${turn}`, content: 'done', isError: false },
  ]).flat();
  const tools = ['b', 'a'].map((name) => ({ name, description: name, parameters: {} }));
  const body = toAnthropicBody(testRequest([{ role: 'user', content: 'Go' }, ...turns], { tools }), true);
  expect(JSON.stringify(body).match(/"cache_control"/g)).toHaveLength(4);
  expect(body.tools).toMatchObject([{ name: 'a' }, { name: 'b', cache_control: { type: 'ephemeral' } }]);
  expect(JSON.stringify(body.messages.at(-1))).toContain('cache_control');
  expect(JSON.stringify(body.messages.at(-3))).toContain('cache_control');
});
