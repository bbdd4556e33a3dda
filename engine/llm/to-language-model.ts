import { createAnthropicModel } from './anthropic/anthropic-model.ts';
import type { ServerAccess } from './connection-access.ts';
import type { ConnectionOptions } from './endpoint.ts';
import type { LanguageModel } from './language-model.ts';
import { createOpenAiModel } from './openai/openai-model.ts';

/** The adapter for a server: by the API it speaks, whoever runs it. Names are how its errors speak of it. Opens no connection. */
export function toLanguageModel({ api, apiKey, baseUrl, label, keySetting, baseUrlSetting }: ServerAccess & Pick<ConnectionOptions, 'label' | 'keySetting' | 'baseUrlSetting'>): LanguageModel {
  const options = { apiKey, baseUrl: baseUrl ?? undefined, label, keySetting, baseUrlSetting };
  return api === 'openai' ? createOpenAiModel(options) : createAnthropicModel(options);
}
