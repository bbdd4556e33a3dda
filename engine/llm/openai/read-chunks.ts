import { AppError } from '../../../contracts/errors.ts';
import type { Json } from '../../tools/tool.ts';
import type { AnswerSink } from '../answer-sink.ts';
import { collectReasoningDetails } from './collect-reasoning-details.ts';
import { collectToolCalls } from './collect-tool-calls.ts';
import { chunkSchema, type Completion, type CompletionMessage, textOf } from './completion-shape.ts';

/** The fields compatible servers put their reasoning in; one of them is told, though some servers fill both. */
const reasoningFields = ['reasoning_content', 'reasoning'] as const;

/** Puts one message together from what a stream says of it. */
class MessageBuilder {
  readonly #said: { content: string; refusal: string; reasoning_content: string; reasoning: string } = { content: '', refusal: '', reasoning_content: '', reasoning: '' };
  readonly #sink: AnswerSink;
  readonly #details;
  readonly #calls;
  readonly #legacyCalls;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
    this.#details = collectReasoningDetails(sink);
    this.#calls = collectToolCalls(sink);
    this.#legacyCalls = collectToolCalls(sink);
  }

  add(piece: CompletionMessage): void {
    this.#addReasoning(piece);
    this.#said.content += this.#sink.say('text', textOf(piece.content));
    this.#said.refusal += this.#sink.say('text', piece.refusal ?? '');
    this.#details.add(piece.reasoning_details ?? []);
    for (const call of piece.tool_calls ?? []) this.#calls.add(call);
    if (piece.function_call) this.#legacyCalls.add({ index: 0, id: undefined, function: piece.function_call });
  }

  #addReasoning(piece: CompletionMessage): void {
    const told = reasoningFields.find((field) => this.#said[field] !== '') ?? reasoningFields.find((field) => piece[field]);
    for (const field of reasoningFields) {
      const text = piece[field] ?? '';
      this.#said[field] += field === told ? this.#sink.say('thought', text) : this.#sink.take(text);
    }
  }

  isFull(): boolean {
    return this.#sink.isFull() || this.#calls.isFull();
  }

  toMessage(): Completion['choices'][number]['message'] {
    const { content, refusal, reasoning_content: reasoningContent, reasoning } = this.#said;
    return {
      content,
      refusal,
      ...(reasoningContent === '' ? {} : { reasoning_content: reasoningContent }),
      ...(reasoning === '' ? {} : { reasoning }),
      ...(this.#details.details.length === 0 ? {} : { reasoning_details: this.#details.details as { [key: string]: Json }[] }),
      tool_calls: [...this.#calls.calls],
      ...(this.#legacyCalls.calls[0] === undefined ? {} : { function_call: this.#legacyCalls.calls[0].function }),
    };
  }
}

/**
 * The chunks of a stream as the completion they are pieces of. Of several choices the first counts. `isWhole` is false when no reason
 * to finish came. Reading stops at the bounds of an answer, which then is one cut by length. Throws LLM_RESPONSE_INVALID for a chunk
 * of another shape.
 * @see https://developers.openai.com/api/reference/resources/chat/subresources/completions/streaming-events (2026-11)
 */
export async function readChunks(chunks: AsyncIterable<unknown>, sink: AnswerSink): Promise<{ completion: Completion; isWhole: boolean }> {
  const message = new MessageBuilder(sink);
  let model: string | undefined;
  let usage: unknown;
  let finishReason: string | undefined;
  let choiceIndex: number | undefined;
  for await (const data of chunks) {
    const parsed = chunkSchema.safeParse(data);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError('LLM_RESPONSE_INVALID', `The answer has an event that is no chunk: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
    }
    const { data: chunk } = parsed;
    model ??= chunk.model || undefined;
    usage = chunk.usage ?? usage;
    for (const choice of chunk.choices ?? []) {
      const index = choice.index ?? 0;
      choiceIndex ??= index;
      if (index !== choiceIndex) continue;
      const piece = choice.delta ?? choice.message;
      if (piece) message.add(piece);
      finishReason = choice.finish_reason || finishReason;
    }
    if (message.isFull()) {
      finishReason = 'length';
      break;
    }
  }
  return {
    completion: { model, choices: choiceIndex === undefined ? [] : [{ finish_reason: finishReason, message: message.toMessage() }], ...(usage === undefined ? {} : { usage }) },
    isWhole: finishReason !== undefined,
  };
}
