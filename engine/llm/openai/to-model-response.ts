import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import type { Json } from '../../tools/tool.ts';
import type { ModelResponse } from '../language-model.ts';
import { parseArguments } from '../parse-arguments.ts';
import { toFinishReason } from './to-finish-reason.ts';
import { toUsage } from './to-usage.ts';

/** Only what is used, leniently: compatible servers leave things out, send null, or add their own. */
const completionSchema = z.object({
  model: z.string().nullish(),
  choices: z.array(
    z.object({
      finish_reason: z.string().nullish(),
      message: z.object({
        content: z.union([z.string(), z.array(z.object({ text: z.string().optional() }))]).nullish(),
        refusal: z.string().nullish(),
        reasoning_content: z.string().nullish(),
        reasoning: z.string().nullish().catch(undefined),
        tool_calls: z.array(z.object({ id: z.string().nullish(), function: z.object({ name: z.string(), arguments: z.unknown().optional() }) })).nullish(),
      }),
    }),
  ).min(1, 'there is no choice'),
  usage: z.unknown().optional(),
});

type Message = z.output<typeof completionSchema>['choices'][number]['message'];

const textOf = (content: Message['content']): string => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''));

/** A chat completion in provider-neutral form. Throws LLM_RESPONSE_INVALID when it has another shape or says nothing. */
export function toModelResponse(body: unknown, requestedModel: string): ModelResponse {
  const parsed = completionSchema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError('LLM_RESPONSE_INVALID', `The answer is no chat completion: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { choices, model, usage } = parsed.data;
  const { message, finish_reason: given } = choices[0] as (typeof choices)[number];
  const refusal = message.refusal ?? '';
  const text = refusal === '' ? textOf(message.content) : refusal;
  const toolCalls = (message.tool_calls ?? []).map((call) => ({ id: call.id ?? '', name: call.function.name, ...parseArguments(call.function.arguments) }));
  const finishReason = toFinishReason(given, { hasToolCalls: toolCalls.length > 0, isRefusal: refusal !== '' });
  if (text.trim() === '' && toolCalls.length === 0 && (finishReason === 'stop' || finishReason === 'tool_calls')) {
    throw new AppError('LLM_RESPONSE_INVALID', 'The answer is empty: neither text nor a tool call.');
  }
  const thought = message.reasoning_content ?? message.reasoning ?? undefined;
  return {
    model: model ?? requestedModel,
    text,
    thought: thought === '' ? undefined : thought,
    toolCalls,
    finishReason,
    usage: toUsage(usage),
    rawUsage: (usage ?? null) as Json,
    ...(typeof message.reasoning_content === 'string' && toolCalls.length > 0 ? { providerState: { reasoning_content: message.reasoning_content } } : {}),
  };
}
