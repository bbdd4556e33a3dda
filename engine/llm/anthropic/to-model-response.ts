import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Json } from '../../tools/tool.ts';
import { finishAnswer } from '../finish-answer.ts';
import type { ModelResponse, ModelToolCall } from '../language-model.ts';
import { parseArguments } from '../parse-arguments.ts';
import { toFinishReason } from './to-finish-reason.ts';
import { toUsage } from './to-usage.ts';

/** Only what is used; blocks of other kinds pass through untouched. */
const blockSchema = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  thinking: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
});
const messageSchema = z.object({
  model: z.string().nullish(),
  content: z.array(blockSchema),
  stop_reason: z.string().nullish(),
  stop_details: z.object({ explanation: z.string().nullish() }).nullish().catch(undefined),
  usage: z.unknown().optional(),
});
type Block = z.output<typeof blockSchema>;

const isThinking = (block: Block): boolean => block.type === 'thinking' || block.type === 'redacted_thinking';

/**
 * A call whose JSON the token limit cut arrives, unless it was streamed as text, with whatever could be read of it, also `{}`: it is
 * not what the model meant.
 */
function toToolCalls(content: readonly Block[], isCut: boolean): ModelToolCall[] {
  return content.flatMap((block, index): ModelToolCall[] => {
    if (block.type !== 'tool_use') return [];
    const read = parseArguments(block.input);
    const isLast = index === content.length - 1;
    const mayBeCut = isCut && isLast && typeof block.input !== 'string';
    return [{ id: block.id ?? '', name: block.name ?? '', ...read, ...(mayBeCut ? { arguments: undefined } : {}) }];
  });
}

/** A message in provider-neutral form. Throws LLM_RESPONSE_INVALID when it has another shape or says nothing. */
export function toModelResponse(body: unknown, requestedModel: string): ModelResponse {
  const parsed = messageSchema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('LLM_RESPONSE_INVALID', `The answer is no message: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { content, model, usage, stop_reason: stopReason, stop_details: details } = parsed.data;
  const toolCalls = toToolCalls(content, stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded');
  const finishReason = toFinishReason(stopReason, { hasToolCalls: toolCalls.length > 0 });
  const said = content.filter((block) => block.type === 'text').map((block) => block.text ?? '').join('');
  const text = finishReason === 'refusal' && said.trim() === '' ? (details?.explanation ?? '') : said;
  const thought = content.filter((block) => block.type === 'thinking').map((block) => block.thinking ?? '').filter((part) => part !== '').join('\n\n');
  return finishAnswer({
    model: model ?? requestedModel,
    text,
    thought,
    toolCalls,
    finishReason,
    usage: toUsage(usage),
    rawUsage: (usage ?? null) as Json,
    ...(content.some(isThinking) ? { providerState: { blocks: content as unknown as Json, model: requestedModel } } : {}),
  });
}
