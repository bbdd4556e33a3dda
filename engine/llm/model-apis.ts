import type { ConnectionApi } from '../../contracts/connections.ts';
import { anthropicApi } from './anthropic/anthropic-api.ts';
import type { ModelApi } from './model-api.ts';
import { openAiApi } from './openai/openai-api.ts';

/** The list of APIs: a new one is its folder and a line here. */
export const modelApis: Readonly<Record<ConnectionApi, ModelApi>> = { openai: openAiApi, anthropic: anthropicApi };
