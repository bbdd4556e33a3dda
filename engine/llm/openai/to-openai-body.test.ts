import { expect, test } from 'vitest';
import { testRequest } from '../adapter-under-test.cases.ts';
import { toOpenAiBody } from './to-openai-body.ts';

const closed = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'], additionalProperties: false };
const toolNamed = (name: string) => ({ name, description: name, parameters: {} });

test('every parameter has its field', () => {
  const request = testRequest(undefined, {
    temperature: 0.5, maxOutputTokens: 900,
    parameters: { top_p: 0.9, stop_sequences: ['END'], seed: 7, frequency_penalty: 0.1, presence_penalty: -0.1, reasoning_effort: 'low', parallel_tool_calls: false },
  });
  expect(toOpenAiBody(request, false)).toMatchObject({ temperature: 0.5, max_tokens: 900, top_p: 0.9, stop: ['END'], seed: 7, frequency_penalty: 0.1, presence_penalty: -0.1, reasoning_effort: 'low', parallel_tool_calls: false });
});

test('a compatible server gets nothing it might stumble over', () => {
  const body = toOpenAiBody(testRequest(undefined, { outputSchema: closed, mustAnswer: true }), false);
  expect(Object.keys(body).sort()).toEqual(['messages', 'model', 'stream', 'stream_options', 'tools']);
});

test('OpenAI itself gets the schema, a cache key and its own name for the limit', () => {
  const body = toOpenAiBody(testRequest(undefined, { outputSchema: closed, mustAnswer: true, maxOutputTokens: 900 }), true);
  expect(body).toMatchObject({ tool_choice: 'none', max_completion_tokens: 900, response_format: { type: 'json_schema', json_schema: { name: 'final_answer', schema: closed, strict: true } } });
  expect(body).not.toHaveProperty('max_tokens');
});

test.each<[string, object]>([
  ['with an optional property', { ...closed, required: [] }],
  ['that is open', { ...closed, additionalProperties: true }],
  ['with a keyword the grammar does not know', { ...closed, properties: { answer: { type: 'string', pattern: '^a' } } }],
  ['open further down', { ...closed, properties: { answer: { type: 'object', properties: {} } } }],
  ['with an array of anything', { ...closed, properties: { answer: { type: 'array' } } }],
])('a schema %s is sent, but not as a strict one', (_what, schema) => {
  expect(toOpenAiBody(testRequest(undefined, { outputSchema: schema as never }), true)).toMatchObject({ response_format: { json_schema: { schema, strict: false } } });
});

test('the same tools in another order make the same text and the same cache key; others do not', () => {
  const one = toOpenAiBody(testRequest(undefined, { tools: [toolNamed('b'), toolNamed('a')] }), true);
  const other = toOpenAiBody(testRequest([{ role: 'user', content: 'Something else' }], { tools: [toolNamed('a'), toolNamed('b')] }), true);
  expect(JSON.stringify(one.tools)).toBe(JSON.stringify(other.tools));
  expect(one.prompt_cache_key).toBe(other.prompt_cache_key);
  expect(toOpenAiBody(testRequest(undefined, { system: 'Another agent.' }), true).prompt_cache_key).not.toBe(one.prompt_cache_key);
  expect(one.prompt_cache_key?.length).toBeLessThanOrEqual(64);
});
