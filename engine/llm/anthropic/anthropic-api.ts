import type { ModelApi } from '../model-api.ts';
import { createAnthropicModel } from './anthropic-model.ts';
import { anthropicCompatibleParameters, anthropicParameters, checkAnthropicRequest } from './parameter-rules.ts';

/** Messages, and whatever speaks like them. */
export const anthropicApi: ModelApi = {
  create: createAnthropicModel,
  parametersOf: (isOfficial) => [...(isOfficial ? anthropicParameters : anthropicCompatibleParameters)],
  checkSettings: checkAnthropicRequest,
  /** @see https://platform.claude.com/docs/en/about-claude/models/overview (2026-11) */
  contextWindows: [
    [/^claude-(opus|sonnet|haiku|fable|mythos)-5/, 1_000_000],
    [/^claude-(opus-4-[678]|sonnet-4-6)/, 1_000_000],
    [/^claude-/, 200_000],
  ],
  listing: {
    path: '/v1/models',
    query: { limit: '1000' },
    // Servers made for earlier releases of the client look for the key there.
    headersOf: ({ apiKey, isOfficial }) => ({ 'anthropic-version': '2023-06-01', ...(apiKey === undefined || isOfficial ? {} : { 'x-api-key': apiKey }) }),
    tellsWindows: true,
  },
};
