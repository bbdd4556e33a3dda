import type Anthropic from '@anthropic-ai/sdk';
import type { Json } from '../../tools/tool.ts';
import type { ModelMessage, ModelRequest, ModelTool } from '../language-model.ts';
import { toSafeToolName } from '../safe-tool-name.ts';

type Block = Anthropic.ContentBlockParam;
type Conversation = Pick<ModelRequest, 'model' | 'messages' | 'isShortened'>;
type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;
const cacheControl = { type: 'ephemeral' } as const;

/**
 * Blocks as the provider sent them, thinking with its signatures among them; undefined when none were kept, or when another model
 * made them: signed thinking is bound to its model.
 */
function keptBlocks(state: Json | undefined, model: string): { type: string; [key: string]: Json }[] | undefined {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return undefined;
  const { blocks, model: maker = model } = state;
  return Array.isArray(blocks) && maker === model ? (blocks as { type: string; [key: string]: Json }[]) : undefined;
}

/**
 * What the assistant said. Kept blocks go back in their own order and untouched, but for the ids of calls, which the run may have
 * changed to keep them unique. Signed thinking is bound to the conversation before it: once turns were left out, it stays out too.
 */
function toAssistantBlocks(message: AssistantMessage, { model, isShortened = false }: Conversation): Block[] {
  const calls: Block[] = message.toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: toSafeToolName(call.name), input: call.arguments ?? {} }));
  const kept = isShortened ? undefined : keptBlocks(message.providerState, model);
  const spoken: Block[] = message.content.trim() === '' ? [] : [{ type: 'text', text: message.content }];
  if (kept === undefined) return [...spoken, ...calls];
  const rest = [...calls];
  const blocks = kept.flatMap((block): Block[] => {
    // An empty text is an answer's right and a request's error.
    if (block.type === 'text' && block['text'] === '') return [];
    if (block.type !== 'tool_use') return [block as unknown as Block];
    const call = rest.shift();
    return call === undefined ? [] : [call];
  });
  const isOnlyThinking = blocks.every((block) => block.type === 'thinking' || block.type === 'redacted_thinking');
  return isOnlyThinking && rest.length === 0 ? spoken : [...blocks, ...rest];
}

const toUserBlocks = (message: Exclude<ModelMessage, AssistantMessage>): Block[] =>
  message.role === 'user'
    ? [{ type: 'text', text: message.content.trim() === '' ? '(empty)' : message.content }]
    : [{ type: 'tool_result', tool_use_id: message.toolCallId, ...(message.content === '' ? {} : { content: message.content }), ...(message.isError ? { is_error: true } : {}) }];

/**
 * Marks the end of what is the same next time, so that the provider reads it from its cache; and where it ended last time, since it
 * looks back from a mark over 20 blocks only, and one turn may have more. With those of tools and system these are the four allowed.
 */
function withCacheMarks(messages: Anthropic.MessageParam[]): Anthropic.MessageParam[] {
  for (const { content } of messages.filter(({ role }) => role === 'user').slice(-2)) {
    const block = Array.isArray(content) ? content.at(-1) : undefined;
    if (block?.type === 'text' || block?.type === 'tool_result') block.cache_control = cacheControl;
  }
  return messages;
}

/**
 * The conversation as `/v1/messages` takes it: roles alternate, results of calls open the message after them, empty texts and
 * messages do not exist.
 */
export function toAnthropicMessages(conversation: Conversation): Anthropic.MessageParam[] {
  const result: Anthropic.MessageParam[] = [];
  for (const message of conversation.messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user';
    const blocks = message.role === 'assistant' ? toAssistantBlocks(message, conversation) : toUserBlocks(message);
    const last = result.at(-1);
    if (blocks.length === 0) continue;
    if (last?.role === role) (last.content as Block[]).push(...blocks);
    else result.push({ role, content: blocks });
  }
  return withCacheMarks(result);
}

export const toAnthropicSystem = (system: string): Anthropic.TextBlockParam[] | undefined =>
  system.trim() === '' ? undefined : [{ type: 'text', text: system, cache_control: cacheControl }];

/** In an order of their own: the same tools must be the same text in every request, or no cached prompt fits. */
export const toAnthropicTools = (tools: readonly ModelTool[]): Anthropic.Tool[] =>
  tools
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, description, parameters }, index) => ({
      name, description, input_schema: { ...parameters, type: 'object' }, ...(index === tools.length - 1 ? { cache_control: cacheControl } : {}),
    }));
