import type { ModelApi } from '../model-api.ts';
import { createOpenAiModel } from './openai-model.ts';
import { checkOpenAiRequest, openAiParameters } from './parameter-rules.ts';

/** Chat completions, and whatever speaks like them. */
export const openAiApi: ModelApi = {
  create: createOpenAiModel,
  parametersOf: () => [...openAiParameters],
  checkSettings: checkOpenAiRequest,
  /** @see https://developers.openai.com/api/docs/models (2026-11) */
  contextWindows: [
    [/^gpt-(6|5\.6)/, 922_000],
    [/^gpt-5/, 272_000],
    [/^gpt-4\.1/, 1_000_000],
    [/^(gpt-4o|gpt-4-turbo|o1|o3|o4)/, 128_000],
  ],
  listing: { path: '/models', query: {}, headersOf: () => ({}), tellsWindows: false },
};
