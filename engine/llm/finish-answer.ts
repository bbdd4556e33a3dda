import { AppError } from '../../contracts/errors.ts';
import { maxAnswerCharacters } from './answer-sink.ts';
import type { ModelResponse, ModelToolCall } from './language-model.ts';

/** Calls beyond these are not even kept; the run makes fewer. */
export const maxToolCalls = 64;
/** Arguments longer than this are unreadable; their start is kept for the record. Characters. */
export const maxArgumentCharacters = 1_000_000;
const keptArgumentCharacters = 10_000;

const withBoundedArguments = (call: ModelToolCall): ModelToolCall =>
  call.rawArguments.length <= maxArgumentCharacters ? call : { ...call, arguments: undefined, rawArguments: `${call.rawArguments.slice(0, keptArgumentCharacters).toWellFormed()}…` };

/**
 * An answer within bounds and as text that can be kept anywhere, whatever the model or a hostile server sent. What was left out makes
 * it a cut answer. Throws LLM_RESPONSE_INVALID when it says nothing and neither limit nor filter explains it.
 */
export function finishAnswer(answer: ModelResponse): ModelResponse {
  const { toolCalls } = answer;
  const text = answer.text.slice(0, maxAnswerCharacters).toWellFormed();
  const thought = answer.thought?.slice(0, maxAnswerCharacters).toWellFormed();
  const isCut = answer.text.length > maxAnswerCharacters || toolCalls.length > maxToolCalls;
  const finishReason = isCut ? 'max_tokens' : answer.finishReason;
  if (text.trim() === '' && toolCalls.length === 0 && (finishReason === 'stop' || finishReason === 'tool_calls')) {
    throw new AppError('LLM_RESPONSE_INVALID', 'The answer is empty: neither text nor a tool call.');
  }
  return {
    ...answer,
    model: answer.model.slice(0, 200).toWellFormed(),
    text,
    thought: thought === '' ? undefined : thought,
    toolCalls: toolCalls.slice(0, maxToolCalls).map(withBoundedArguments),
    finishReason,
  };
}
