import { describe, expect, test } from 'vitest';
import { agentDefinitionSchema } from '../../contracts/agents.ts';
import type { ModelCallRow } from '../../db/repositories/model-calls.repository.ts';
import { toChain, toProgress } from './progress.ts';

const definition = agentDefinitionSchema.parse({
  purpose: 'p', llm_provider: 'openai', llm_model: 'a',
  fallbacks: [{ llm_provider: 'openai', llm_connection: 'proxy', llm_model: 'a' }, { llm_provider: 'openai', llm_model: 'a' }, { llm_provider: 'anthropic', llm_model: 'b' }],
});
const chain = toChain(definition);
const call = (connection: string, model: string, status: ModelCallRow['status'], action: ModelCallRow['action'] = null): ModelCallRow =>
  ({ connection_id: connection, llm_model: model, status, action }) as ModelCallRow;

test('the chain is the agent’s model and its fallbacks, each once; the same model of another connection is another', () => {
  expect(chain.map(({ llm_connection, llm_model }) => [llm_connection, llm_model])).toEqual([[null, 'a'], ['proxy', 'a'], [null, 'b']]);
});

describe('where a turn stands', () => {
  test('nothing was tried: the first model', () => {
    expect(toProgress(chain, [])).toEqual({ index: 0, tries: 0, total: 0, compactions: 0, refusals: 0 });
  });

  test('failed and abandoned attempts count, shortenings and repairs are no tries', () => {
    const calls = [call('openai', 'a', 'failed', 'compact'), call('openai', 'a', 'abandoned'), call('openai', 'a', 'failed', 'retry'), call('openai', 'a', 'failed', 'repair')];
    expect(toProgress(chain, calls)).toEqual({ index: 0, tries: 2, total: 4, compactions: 1, refusals: 0 });
  });

  test('a call that was not sent because the connection rests is no try', () => {
    const refused = { ...call('openai', 'a', 'failed', 'retry'), error: { code: 'LLM_CIRCUIT_OPEN', message: 'm' } };
    expect(toProgress(chain, [call('openai', 'a', 'failed', 'retry'), refused, refused])).toEqual({ index: 0, tries: 1, total: 1, compactions: 0, refusals: 2 });
  });

  test('after a fallback the next model is asked, with tries of its own', () => {
    const calls = [call('openai', 'a', 'failed', 'retry'), call('openai', 'a', 'failed', 'fallback'), call('proxy', 'a', 'failed', 'retry')];
    expect(toProgress(chain, calls.slice(0, 2))).toMatchObject({ index: 1, tries: 0 });
    expect(toProgress(chain, calls)).toEqual({ index: 1, tries: 1, total: 3, compactions: 0, refusals: 0 });
  });

  test('an end closes the account: a turn that is taken again after a reset begins at the first model', () => {
    expect(toProgress(chain, [call('openai', 'a', 'failed', 'fallback'), call('proxy', 'a', 'failed', 'end')])).toEqual({ index: 0, tries: 0, total: 0, compactions: 0, refusals: 0 });
  });
});
