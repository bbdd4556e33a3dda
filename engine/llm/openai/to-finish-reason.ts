import type { FinishReason } from '../language-model.ts';

/**
 * Why the answer ended. Servers that answer `stop` beside tool calls, or nothing at all, are read by what they sent.
 * @see https://developers.openai.com/api/reference/resources/chat (2026-11)
 */
export function toFinishReason(finishReason: string | null | undefined, answer: { hasToolCalls: boolean; isRefusal: boolean }): FinishReason {
  if (finishReason === 'content_filter') return 'content_filter';
  if (answer.isRefusal) return 'refusal';
  if (finishReason === 'length') return 'max_tokens';
  return answer.hasToolCalls ? 'tool_calls' : 'stop';
}
