import { expect, test } from 'vitest';
import { modelProviderSchema } from '../../contracts/agents.ts';
import { createLanguageModels } from './index.ts';

const none = { apiKey: undefined, baseUrl: undefined };

test('a provider without a key is listed with what to set, and asking for it is LLM_NOT_CONFIGURED', () => {
  const models = createLanguageModels({ openai: none, anthropic: none });
  const openai = models.list().find(({ provider }) => provider === 'openai');
  expect(openai).toMatchObject({ is_configured: false, is_scripted: false, configuration_hint: expect.stringContaining('OPENAI_API_KEY') as string });
  expect(openai?.models).toContain('gpt-6.1-sol');
  expect(() => models.get('openai')).toThrow(expect.objectContaining({ code: 'LLM_NOT_CONFIGURED' }) as Error);
  expect(() => models.get('anthropic')).toThrow(expect.objectContaining({ code: 'LLM_NOT_CONFIGURED' }) as Error);
});

test('a key, or a base URL of a server that wants none, is enough', () => {
  const models = createLanguageModels({ openai: { apiKey: undefined, baseUrl: 'http://127.0.0.1:1/v1' }, anthropic: { apiKey: 'k', baseUrl: undefined } });
  expect(models.get('openai')).toBeDefined();
  expect(models.list().map(({ is_configured, configuration_hint }) => [is_configured, configuration_hint])).toEqual([[true, null], [true, null], [true, null]]);
});

test('the scripted provider says what it is and offers the demo; scripts for tests are there when asked for', () => {
  const models = createLanguageModels({ openai: none, anthropic: none });
  const scripted = models.list().find(({ provider }) => provider === 'scripted');
  expect(scripted).toMatchObject({ is_scripted: true, is_configured: true, label: 'Scripted (no model is called)', models: ['support-ticket-analyzer'] });
  expect(models.list({ withHidden: true }).find(({ provider }) => provider === 'scripted')?.models).toEqual(['echo', 'long-run', 'parallel-tools', 'support-ticket-analyzer', 'unknown-tool']);
  for (const provider of models.list()) expect(modelProviderSchema.parse(provider)).toEqual(provider);
});
