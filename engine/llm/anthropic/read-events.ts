import { AppError } from '../../../contracts/errors.ts';
import { z } from 'zod';
import type { AnswerSink } from '../answer-sink.ts';
import { maxArgumentCharacters, maxToolCalls } from '../finish-answer.ts';

type Block = { type: string; [key: string]: unknown };

const words = z.string().nullish().catch(undefined);
const blockSchema = z.looseObject({ type: z.string() });
const usageSchema = z.record(z.string(), z.unknown()).nullish().catch(undefined);
const eventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('message_start'), message: z.looseObject({ model: words, content: z.array(blockSchema).nullish(), usage: usageSchema }) }),
  z.object({ type: z.literal('content_block_start'), index: z.number(), content_block: blockSchema }),
  z.object({ type: z.literal('content_block_delta'), index: z.number(), delta: z.looseObject({ type: z.string(), text: words, thinking: words, signature: words, partial_json: words }) }),
  z.object({ type: z.literal('content_block_stop'), index: z.number() }),
  z.object({ type: z.literal('message_delta'), delta: z.looseObject({ stop_reason: words }).nullish(), usage: usageSchema }),
  z.object({ type: z.literal('message_stop') }),
]);
type StreamEvent = z.output<typeof eventSchema>;
const knownTypes = new Set(eventSchema.options.map((option) => option.shape.type.value as string));

/** A message under way, in the shape a server would send it at once. */
class MessageBuilder {
  #message: Record<string, unknown> = {};
  readonly #usage: Record<string, unknown> = {};
  readonly #blocks = new Map<number, Block>();
  readonly #json = new Map<number, string>();
  readonly #sink: AnswerSink;
  #hasThought = false;
  #isWild = false;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  add(event: StreamEvent): void {
    switch (event.type) {
      case 'message_start':
        this.#message = event.message;
        this.#addUsage(event.message.usage);
        return;
      case 'content_block_start':
        this.#start(event.index, event.content_block);
        return;
      case 'content_block_delta':
        this.#continue(event.index, event.delta);
        return;
      case 'message_delta':
        for (const [key, value] of Object.entries(event.delta ?? {})) if (value !== null) this.#message[key] = value;
        this.#addUsage(event.usage);
        return;
      default:
    }
  }

  /** Counts are of the whole answer so far, so the last one counts; what a later event leaves out stays. */
  #addUsage(usage: Record<string, unknown> | null | undefined): void {
    for (const [key, value] of Object.entries(usage ?? {})) if (value !== null) this.#usage[key] = value;
  }

  #start(index: number, given: Block): void {
    const calls = [...this.#blocks.values()].filter(({ type }) => type === 'tool_use').length;
    if (given.type === 'tool_use' && calls >= maxToolCalls) {
      this.#isWild = true;
      return;
    }
    const block: Block = { ...given };
    if (typeof given['data'] === 'string') block['data'] = this.#sink.take(given['data']);
    this.#blocks.set(index, block);
    if (given.type === 'text') block['text'] = this.#sink.say('text', String(given['text'] ?? ''));
    if (given.type === 'thinking') block['thinking'] = this.#think(index, String(given['thinking'] ?? ''));
  }

  /** Paragraphs of separate blocks are told apart, as the whole thought has them. */
  #think(index: number, piece: string): string {
    if (piece === '') return '';
    const isNextBlock = this.#hasThought && (this.#blocks.get(index)?.['thinking'] ?? '') === '';
    if (isNextBlock) this.#sink.say('thought', '\n\n');
    this.#hasThought = true;
    return this.#sink.say('thought', piece);
  }

  #continue(index: number, delta: Extract<StreamEvent, { type: 'content_block_delta' }>['delta']): void {
    const block = this.#blocks.get(index);
    if (block === undefined) return;
    const append = (key: string, text: string): void => {
      block[key] = (typeof block[key] === 'string' ? block[key] : '') + text;
    };
    switch (delta.type) {
      case 'text_delta':
        append('text', this.#sink.say('text', delta.text ?? ''));
        return;
      case 'thinking_delta':
        append('thinking', this.#think(index, delta.thinking ?? ''));
        return;
      case 'signature_delta':
        append('signature', this.#sink.take(delta.signature ?? ''));
        return;
      case 'input_json_delta': {
        const before = this.#json.get(index) ?? '';
        const piece = this.#sink.take(delta.partial_json ?? '');
        if (before.length <= maxArgumentCharacters) this.#json.set(index, before + piece);
        return;
      }
      default:
    }
  }

  isFull(): boolean {
    return this.#isWild || this.#sink.isFull();
  }

  cut(): void {
    this.#message['stop_reason'] = 'max_tokens';
  }

  /** Arguments stay the text they came as: read here, a cut one would turn into something the model did not mean. */
  toBody(): unknown {
    const content = [...this.#blocks].sort(([one], [other]) => one - other).map(([index, block]) => {
      const json = this.#json.get(index);
      return json === undefined || json === '' ? block : { ...block, input: json };
    });
    return { ...this.#message, content, ...(Object.keys(this.#usage).length === 0 ? {} : { usage: this.#usage }) };
  }
}

/**
 * The events of a stream as the message they are pieces of. `isWhole` is false when the stream ended without `message_stop`. Reading
 * stops at the bounds of an answer, which then is one cut by its token limit. Kinds of events that are not known are passed over.
 * Throws LLM_RESPONSE_INVALID for an event of another shape.
 * @see https://platform.claude.com/docs/en/build-with-claude/streaming (2026-11)
 */
export async function readEvents(events: AsyncIterable<unknown>, sink: AnswerSink): Promise<{ body: unknown; isWhole: boolean }> {
  const message = new MessageBuilder(sink);
  for await (const data of events) {
    if (!knownTypes.has(String((data as { type?: unknown } | null)?.type))) continue;
    const parsed = eventSchema.safeParse(data);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw new AppError('LLM_RESPONSE_INVALID', `The answer has an event of another shape: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
    }
    message.add(parsed.data);
    if (message.isFull()) message.cut();
    if (message.isFull() || parsed.data.type === 'message_stop') return { body: message.toBody(), isWhole: true };
  }
  return { body: message.toBody(), isWhole: false };
}
