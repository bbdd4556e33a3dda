import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { listedModelSchema } from '../../../contracts/connections.ts';
import { fetchModelList } from './fetch-model-list.ts';
import { parseModelList, seemsToConverse } from './parse-model-list.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(answer: (path: string) => { status?: number; body: unknown }): Promise<string> {
  const server = createServer((request, response) => {
    const { status = 200, body } = answer(request.url ?? '');
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
const never = new AbortController().signal;
const fetchFrom = async (answer: Parameters<typeof serve>[0], api: 'openai' | 'anthropic' = 'openai') => fetchModelList({ api, baseUrl: await serve(answer), apiKey: 'k' }, never);

describe('what servers say of a model', () => {
  test.each<[string, Record<string, unknown>, number | null, number | null]>([
    ['OpenAI: nothing', { id: 'm', object: 'model', owned_by: 'x' }, null, null],
    ['vLLM', { id: 'm', max_model_len: 32_768 }, 32_768, null],
    ['Anthropic', { id: 'm', type: 'model', max_input_tokens: 200_000, max_tokens: 64_000 }, 200_000, 64_000],
    ['llama.cpp: what it runs with, not what it was trained with', { id: 'm', meta: { n_ctx: 4_096, n_ctx_train: 131_072 } }, 4_096, null],
    ['an older llama.cpp', { id: 'm', meta: { n_ctx_train: 8_192 } }, 8_192, null],
    ['LM Studio: what is loaded, not what could be', { id: 'm', loaded_context_length: 4_096, max_context_length: 32_768 }, 4_096, null],
    ['LM Studio, not loaded', { id: 'm', max_context_length: 32_768 }, 32_768, null],
    ['a router', { id: 'm', context_length: 1_000_000, top_provider: { context_length: 256_000, max_completion_tokens: 16_000 } }, 256_000, 16_000],
    ['another', { id: 'm', context_window: '131072', max_completion_tokens: 8_192 }, 131_072, 8_192],
    ['nonsense', { id: 'm', max_model_len: -1, context_length: 'much', context_window: 1e20, max_output_tokens: null, meta: [] }, null, null],
  ])('%s', (_what, entry, contextWindow, maxOutput) => {
    const model = { id: 'm', context_window: contextWindow, max_output_tokens: maxOutput };
    expect(parseModelList({ data: [entry] })).toEqual({ models: [listedModelSchema.parse(model)], nextAfter: undefined });
  });

  test('in lists of any shape, without what is no model', () => {
    const ids = (json: unknown): string[] | undefined => parseModelList(json)?.models.map(({ id }) => id);
    expect(ids({ data: [{ id: 'a' }, { id: 'a' }, { id: '' }, null, 7, { id: 'x'.repeat(201) }, { id: 'b\u0000' }, { id: 'old', lifecycle: 'retired' }, { name: 'c' }] })).toEqual(['a', 'c']);
    expect(ids({ models: [{ name: 'qwen3:8b', model: 'qwen3:8b' }] })).toEqual(['qwen3:8b']);
    expect(ids(['a', 'b'])).toEqual(['a', 'b']);
    expect(ids({ data: [] })).toEqual([]);
    for (const json of [undefined, null, 'text', 7, {}, { data: {} }, { data: [{}] }, { error: { message: 'no' } }]) expect(ids(json), JSON.stringify(json)).toBeUndefined();
    expect(ids({ data: Array.from({ length: 3_000 }, (_, index) => ({ id: `m${index}` })) })).toHaveLength(2_000);
  });
});

test('a list of several pages is read to its end, and no further', async () => {
  const paths: string[] = [];
  const pages: Record<string, unknown> = {
    '/v1/models?limit=1000': { data: [{ id: 'a' }, { id: 'b' }], has_more: true, last_id: 'b' },
    '/v1/models?limit=1000&after_id=b': { data: [{ id: 'c' }], has_more: false, last_id: 'c' },
  };
  const list = await fetchFrom((path) => {
    paths.push(path);
    return { body: pages[path] };
  }, 'anthropic');
  expect('models' in list && list.models.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(paths).toHaveLength(2);
  let asked = 0;
  await fetchFrom(() => {
    asked++;
    return { body: { data: [{ id: 'same' }], has_more: true, last_id: 'same' } };
  }, 'anthropic');
  expect(asked).toBe(2);
});

test.each([
  [401, {}, 'LLM_AUTHENTICATION', 'refuses the key'],
  [404, {}, 'LLM_MODEL_NOT_FOUND', 'offers no list'],
  [429, {}, 'LLM_RATE_LIMITED', 'limits requests'],
  [503, {}, 'LLM_UNAVAILABLE', 'HTTP 503'],
  [302, {}, 'LLM_REQUEST_INVALID', 'elsewhere'],
  [200, '<!doctype html>', 'LLM_RESPONSE_INVALID', 'a web page'],
  [200, '{"data"', 'LLM_RESPONSE_INVALID', 'no list of models'],
])('an answer with status %i and body %j is told in a sentence', async (status, body, code, words) => {
  expect(await fetchFrom(() => ({ status, body }))).toEqual({ error: { code, message: expect.stringContaining(words) as string } });
});

test('models that only embed, speak or draw are not suggested', () => {
  expect(['gpt-6-sol', 'llama3', 'claude-opus-5', 'text-embedding-3-small', 'nomic-embed-text', 'whisper-1', 'tts-1', 'dall-e-3', 'omni-moderation-latest'].filter(seemsToConverse)).toEqual(['gpt-6-sol', 'llama3', 'claude-opus-5']);
});
