import { createHash } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '../../../../contracts/errors.ts';
import type { ModelMessage } from '../../language-model.ts';
import { parseArguments } from '../../parse-arguments.ts';
import type { ScriptedReply } from '../play-script.ts';
import { toPieces } from '../to-pieces.ts';
import { checkCalls, contentSchema, findNotes, parseBody, schemaOfTool, textOf, toTool } from './read-conversation.ts';
import { type Asked, toEvent, type WireFormat } from './wire-format.ts';

const blockSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: z.string().min(1, 'text content blocks must be non-empty') }),
  z.looseObject({ type: z.literal('thinking'), thinking: z.string(), signature: z.string() }),
  z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() }),
  z.looseObject({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.looseObject({ type: z.literal('tool_result'), tool_use_id: z.string(), content: contentSchema.optional(), is_error: z.boolean().optional() }),
]);
type Block = z.output<typeof blockSchema>;
const messageSchema = z.looseObject({ role: z.enum(['user', 'assistant']), content: z.union([z.string().min(1), z.array(blockSchema).min(1)]) });
const bodySchema = z.looseObject({
  model: z.string(),
  max_tokens: z.number().int().min(1),
  messages: z.array(messageSchema).min(1),
  system: contentSchema.optional(),
  tools: z.array(z.looseObject({ name: z.string(), description: z.string().optional(), input_schema: schemaOfTool })).optional(),
  tool_choice: z.looseObject({ type: z.string() }).optional(),
  output_config: z.looseObject({ format: z.looseObject({ type: z.string(), schema: schemaOfTool }).optional() }).optional(),
  stream: z.boolean().optional(),
});

/** What proves that a thought comes from here and came back as it was. */
const sign = (thinking: string): string => createHash('sha256').update(`scripted\0${thinking}`).digest('base64');

function toMessages({ role, content }: z.output<typeof messageSchema>, at: number): ModelMessage[] {
  const blocks: Block[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  for (const [index, block] of blocks.entries()) {
    if (block.type === 'thinking' && block.signature !== sign(block.thinking)) throw new AppError('LLM_REQUEST_INVALID', `messages.${at}.content.${index}: Invalid \`signature\` in \`thinking\` block`);
  }
  if (role === 'assistant') {
    return [{
      role, content: blocks.map((block) => (block.type === 'text' ? block.text : '')).join(''),
      toolCalls: blocks.flatMap((block) => (block.type === 'tool_use' ? [{ id: block.id, name: block.name, ...parseArguments(block.input) }] : [])),
    }];
  }
  return blocks.flatMap((block): ModelMessage[] => {
    if (block.type === 'text') return [{ role: 'user', content: block.text }];
    if (block.type === 'tool_result') return [{ role: 'tool', toolCallId: block.tool_use_id, content: textOf(block.content), isError: block.is_error === true }];
    return [];
  });
}

function readRequest(body: unknown): Asked {
  const { model, messages: given, system, tools, tool_choice: choice, output_config: output, stream } = parseBody(bodySchema, body);
  const messages = given.flatMap(toMessages);
  checkCalls(messages);
  const notes = findNotes(messages);
  return {
    isStream: stream === true,
    wantsUsage: true,
    request: {
      model, messages, ...notes,
      system: textOf(system),
      tools: (tools ?? []).map((tool) => toTool(tool.name, tool.description, tool.input_schema)),
      mustAnswer: notes.mustAnswer === true || choice?.type === 'none',
      outputSchema: output?.format?.schema as Asked['request']['outputSchema'],
    },
  };
}

const toStopReason = ({ finishReason }: ScriptedReply): string => ({ stop: 'end_turn', tool_calls: 'tool_use', max_tokens: 'max_tokens', refusal: 'refusal', content_filter: 'refusal' })[finishReason];
const toUsage = ({ usage }: ScriptedReply): { [field: string]: number } =>
  ({ input_tokens: usage.inputTokens ?? 0, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: usage.outputTokens ?? 0 });

const toWhole = (reply: ScriptedReply, id: string): object => ({
  id: `msg_${id}`, type: 'message', role: 'assistant', model: reply.model,
  content: [
    ...(reply.thought === undefined ? [] : [{ type: 'thinking', thinking: reply.thought, signature: sign(reply.thought) }]),
    ...(reply.text === '' ? [] : [{ type: 'text', text: reply.text }]),
    ...reply.toolCalls.map((call) => ({ type: 'tool_use', id: call.id, name: call.name, input: call.arguments ?? {} })),
  ],
  stop_reason: toStopReason(reply), stop_sequence: null, usage: toUsage(reply),
});

function toEvents(reply: ScriptedReply, id: string): string[] {
  const event = (type: string, data: object = {}): string => toEvent({ type, ...data }, type);
  let index = -1;
  const block = (start: object, deltas: object[]): string[] => {
    index++;
    return [event('content_block_start', { index, content_block: start }), ...deltas.map((delta) => event('content_block_delta', { index, delta })), event('content_block_stop', { index })];
  };
  const { thought, text, toolCalls } = reply;
  const message = { id: `msg_${id}`, type: 'message', role: 'assistant', model: reply.model, content: [], stop_reason: null, stop_sequence: null, usage: { ...toUsage(reply), output_tokens: 1 } };
  return [
    event('message_start', { message }),
    event('ping'),
    ...(thought === undefined ? [] : block({ type: 'thinking', thinking: '', signature: '' }, [...toPieces(thought).map((piece) => ({ type: 'thinking_delta', thinking: piece })), { type: 'signature_delta', signature: sign(thought) }])),
    ...(text === '' ? [] : block({ type: 'text', text: '' }, toPieces(text).map((piece) => ({ type: 'text_delta', text: piece })))),
    ...toolCalls.flatMap((call) => block({ type: 'tool_use', id: call.id, name: call.name, input: {} }, toPieces(call.rawArguments).map((piece) => ({ type: 'input_json_delta', partial_json: piece })))),
    event('message_delta', { delta: { stop_reason: toStopReason(reply), stop_sequence: null }, usage: toUsage(reply) }),
    event('message_stop'),
  ];
}

const errorTypes: Partial<Record<number, string>> = {
  401: 'authentication_error', 402: 'billing_error', 403: 'permission_error', 404: 'not_found_error', 413: 'request_too_large', 429: 'rate_limit_error', 504: 'timeout_error', 529: 'overloaded_error',
};
const startedAt = new Date().toISOString();

/**
 * `/v1/messages`. Thoughts are signed, and one that comes back changed is refused, as the API does.
 * @see https://platform.claude.com/docs/en/api/messages (2026-11)
 */
export const anthropicFormat: WireFormat = {
  requestIdHeader: 'request-id',
  readRequest, toWhole, toEvents,
  toError: ({ status, message, requestId }) => ({ type: 'error', error: { type: errorTypes[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'), message }, request_id: requestId }),
  toModelList: (names) => ({ data: names.map((id) => ({ type: 'model', id, display_name: id, created_at: startedAt })), has_more: false, first_id: names[0] ?? null, last_id: names.at(-1) ?? null }),
};
