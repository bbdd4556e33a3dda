import { AppError } from '../../../contracts/errors.ts';
import type { Json } from '../../tools/tool.ts';
import { finishAnswer } from '../finish-answer.ts';
import type { ModelResponse, ModelToolCall } from '../language-model.ts';
import { parseArguments } from '../parse-arguments.ts';
import { type CompletionMessage, completionSchema, textOf } from './completion-shape.ts';
import { toFinishReason } from './to-finish-reason.ts';
import { toUsage } from './to-usage.ts';

function toToolCalls({ tool_calls: calls, function_call: legacy }: CompletionMessage): ModelToolCall[] {
  const given = calls?.length ? calls : legacy?.name ? [{ id: undefined, function: legacy }] : [];
  return given.map((call) => ({ id: call.id ?? '', name: call.function?.name ?? '', ...parseArguments(call.function?.arguments) }));
}

function toThought({ reasoning_content: content, reasoning, reasoning_details: details }: CompletionMessage): string | undefined {
  const spoken = content || reasoning;
  return spoken || details?.map(({ text, summary }) => (typeof text === 'string' ? text : typeof summary === 'string' ? summary : '')).join('');
}

/** Reasoning some servers want back with the calls it led to, under the names they gave it. */
function toProviderState({ reasoning_content: content, reasoning_details: details }: CompletionMessage): { [key: string]: Json } | undefined {
  const state = { ...(typeof content === 'string' ? { reasoning_content: content } : {}), ...(details?.length ? { reasoning_details: details as Json } : {}) };
  return Object.keys(state).length === 0 ? undefined : state;
}

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
  const toolCalls = toToolCalls(message);
  const state = toolCalls.length === 0 ? undefined : toProviderState(message);
  return finishAnswer({
    model: model || requestedModel,
    text: textOf(message.content) + refusal,
    thought: toThought(message),
    toolCalls,
    finishReason: toFinishReason(given, { hasToolCalls: toolCalls.length > 0, isRefusal: refusal !== '' }),
    usage: toUsage(usage),
    rawUsage: (usage ?? null) as Json,
    ...(state === undefined ? {} : { providerState: state }),
  });
}
