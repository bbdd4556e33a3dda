import { jsonDepth, maxJsonDepth } from '../../platform/json-depth.ts';
import type { Json } from '../tools/index.ts';
import type { ModelResponse } from '../llm/language-model.ts';

/** Characters of an answer that are kept: more than any person or model reads on, less than harms the database. */
const maxText = 1_000_000;
const maxThought = 200_000;
const maxState = 1_000_000;
const maxRawUsage = 20_000;
const maxName = 200;

const cutText = (text: string, limit: number): string =>
  text.length <= limit ? text : `${text.slice(0, limit).toWellFormed()}\n[Cut: ${text.length} characters were said, the first ${limit} are kept.]`;

/** Whether a value can be stored: of that many characters as JSON, and not nested beyond reason. */
function isTame(value: Json, maxCharacters: number): boolean {
  try {
    const text = JSON.stringify(value);
    return text.length <= maxCharacters && jsonDepth(text) <= maxJsonDepth;
  } catch {
    return false;
  }
}

/** An answer of a size that can be stored and shown, whatever a model or a broken server sent; its calls are bounded where they are read. What was cut says so in its place. */
export function boundAnswer(response: ModelResponse): ModelResponse {
  const { providerState, ...rest } = response;
  return {
    ...rest,
    model: response.model.slice(0, maxName),
    text: cutText(response.text, maxText),
    thought: response.thought === undefined ? undefined : cutText(response.thought, maxThought),
    rawUsage: isTame(response.rawUsage, maxRawUsage) ? response.rawUsage : null,
    ...(providerState !== undefined && isTame(providerState, maxState) ? { providerState } : {}),
  };
}
