import { z } from 'zod';

const words = z.string().nullish().catch(undefined);

/**
 * What an assistant says, whole or as one piece of a stream. Only what is used, leniently: compatible servers leave things out, send
 * null, or add their own.
 */
export const messageSchema = z.object({
  content: z.union([z.string(), z.array(z.looseObject({ text: z.string().nullish() }))]).nullish(),
  refusal: words,
  reasoning_content: words,
  reasoning: words,
  reasoning_details: z.array(z.record(z.string(), z.json())).nullish().catch(undefined),
  tool_calls: z
    .array(z.object({ index: z.number().int().nullish().catch(undefined), id: words, function: z.object({ name: words, arguments: z.unknown().optional() }).nullish() }))
    .nullish(),
  /** What `tool_calls` was before 2024; some servers still know only this. */
  function_call: z.object({ name: words, arguments: z.unknown().optional() }).nullish(),
});
export type CompletionMessage = z.output<typeof messageSchema>;
export type ToolCallPiece = NonNullable<CompletionMessage['tool_calls']>[number];

export const completionSchema = z.object({
  model: words,
  choices: z.array(z.object({ finish_reason: words, message: messageSchema })).min(1, 'there is no choice'),
  usage: z.unknown().optional(),
});
export type Completion = z.input<typeof completionSchema>;

/** One event of a stream. Some servers send `message` in place of `delta`, and usage in an event without choices. */
export const chunkSchema = z.object({
  model: words,
  choices: z
    .array(z.object({ index: z.number().nullish().catch(undefined), delta: messageSchema.nullish(), message: messageSchema.nullish(), finish_reason: words }))
    .nullish(),
  usage: z.unknown().optional(),
});

export const textOf = (content: CompletionMessage['content']): string => (typeof content === 'string' ? content : (content ?? []).map((part) => part.text ?? '').join(''));
