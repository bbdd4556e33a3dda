import { expect, test } from 'vitest';
import { modelProviderSchema } from '../../contracts/agents.ts';
import { createLanguageModels } from './index.ts';

const none = { apiKey: undefined, baseUrl: undefined };

test('a provider without a key is listed with what to set, and asking for it is LLM_NOT_CONFIGURED', async () => {
  const models = createLanguageModels({ config: { openai: none, anthropic: none } });
  const openai = (await models.list()).find(({ provider }) => provider === 'openai');
  expect(openai).toMatchObject({ is_configured: false, is_scripted: false, configuration_hint: expect.stringContaining('OPENAI_API_KEY') as string });
  expect(openai?.models).toContain('gpt-6.1-sol');
  for (const llm_provider of ['openai', 'anthropic'] as const) {
    await expect(models.resolve({ llm_provider, llm_connection: null, llm_model: 'm' })).rejects.toMatchObject({ code: 'LLM_NOT_CONFIGURED' });
  }
});

test('a key, or a base URL of a server that wants none, is enough', async () => {
  const models = createLanguageModels({ config: { openai: { apiKey: undefined, baseUrl: 'http://127.0.0.1:1/v1' }, anthropic: { apiKey: 'k', baseUrl: undefined } } });
  expect(await models.resolve({ llm_provider: 'openai', llm_connection: null, llm_model: 'm' })).toMatchObject({ connectionId: 'openai', model: 'm', isScripted: false });
  expect((await models.list()).map(({ is_configured, configuration_hint }) => [is_configured, configuration_hint])).toEqual([[true, null], [true, null], [true, null]]);
});

test('the scripted provider says what it is and offers the demo; scripts for tests are there when asked for', async () => {
  const models = createLanguageModels({ config: { openai: none, anthropic: none } });
  const scripted = (await models.list()).find(({ provider }) => provider === 'scripted');
  expect(scripted).toMatchObject({ is_scripted: true, is_configured: true, label: 'Scripted (no model is called)', models: ['support-ticket-analyzer'] });
  expect((await models.list({ withHidden: true })).find(({ provider }) => provider === 'scripted')?.models).toEqual(['echo', 'long-run', 'parallel-tools', 'support-ticket-analyzer', 'unknown-tool']);
  for (const provider of (await models.list())) expect(modelProviderSchema.parse(provider)).toEqual(provider);
});
