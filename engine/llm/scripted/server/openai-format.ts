import { z } from 'zod';
import type { ModelMessage } from '../../language-model.ts';
import { parseArguments } from '../../parse-arguments.ts';
import type { ScriptedReply } from '../play-script.ts';
import { toPieces } from '../to-pieces.ts';
import { checkCalls, contentSchema, findNotes, parseBody, schemaOfTool, textOf, toTool } from './read-conversation.ts';
import { type Asked, toEvent, type WireFormat } from './wire-format.ts';

const messageSchema = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer', 'user']), content: contentSchema }),
  z.looseObject({
    role: z.literal('assistant'),
    content: contentSchema.nullish(),
    tool_calls: z.array(z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) })).nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), content: contentSchema, tool_call_id: z.string() }),
]);
const bodySchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  tools: z.array(z.looseObject({ type: z.literal('function'), function: z.looseObject({ name: z.string(), description: z.string().optional(), parameters: schemaOfTool }) })).nullish(),
  tool_choice: z.unknown().optional(),
  response_format: z.looseObject({ type: z.string(), json_schema: z.looseObject({ schema: schemaOfTool }).optional() }).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
});
type Message = z.output<typeof messageSchema>;

function toMessage(message: Message): ModelMessage[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [];
    case 'user':
      return [{ role: 'user', content: textOf(message.content) }];
    case 'assistant':
      return [{ role: 'assistant', content: textOf(message.content), toolCalls: (message.tool_calls ?? []).map((call) => ({ id: call.id, name: call.function.name, ...parseArguments(call.function.arguments) })) }];
    case 'tool': {
      // The API has no field for a failed call; Maestro says it in the text.
      const [, failure] = /^Error: ([\s\S]*)$/.exec(textOf(message.content)) ?? [];
      return [{ role: 'tool', toolCallId: message.tool_call_id, content: failure ?? textOf(message.content), isError: failure !== undefined }];
    }
  }
}

function readRequest(body: unknown): Asked {
  const { model, messages: given, tools, tool_choice: choice, response_format: format, stream, stream_options: options } = parseBody(bodySchema, body);
  const messages = given.flatMap(toMessage);
  checkCalls(messages);
  const notes = findNotes(messages);
  return {
    isStream: stream === true,
    wantsUsage: options?.include_usage === true,
    request: {
      model, messages, ...notes,
      system: given.flatMap((message) => (message.role === 'system' || message.role === 'developer' ? [textOf(message.content)] : [])).join('\n\n'),
      tools: (tools ?? []).map((tool) => toTool(tool.function.name, tool.function.description, tool.function.parameters)),
      mustAnswer: notes.mustAnswer === true || choice === 'none',
      outputSchema: format?.json_schema?.schema as Asked['request']['outputSchema'],
    },
  };
}

const toFinishReason = ({ finishReason }: ScriptedReply): string => ({ stop: 'stop', tool_calls: 'tool_calls', max_tokens: 'length', refusal: 'stop', content_filter: 'content_filter' })[finishReason];
const toUsage = ({ usage: { inputTokens = 0, outputTokens = 0, cachedInputTokens = 0, reasoningTokens = 0 } }: ScriptedReply): object => ({
  prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens,
  prompt_tokens_details: { cached_tokens: cachedInputTokens }, completion_tokens_details: { reasoning_tokens: reasoningTokens },
});
const startedAt = Math.floor(Date.now() / 1000);

/** Where what the model says stands: a refusal has a field of its own. */
const spokenField = ({ finishReason }: ScriptedReply): 'refusal' | 'content' => (finishReason === 'refusal' ? 'refusal' : 'content');

function toWhole(reply: ScriptedReply, id: string): object {
  const calls = reply.toolCalls.map((call) => ({ id: call.id, type: 'function', function: { name: call.name, arguments: call.rawArguments } }));
  const message = {
    role: 'assistant', content: null, refusal: null,
    ...(reply.text === '' ? {} : { [spokenField(reply)]: reply.text }),
    ...(reply.thought === undefined ? {} : { reasoning_content: reply.thought }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return {
    id: `chatcmpl-${id}`, object: 'chat.completion', created: startedAt, model: reply.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: toFinishReason(reply) }], usage: toUsage(reply),
  };
}

function toEvents(reply: ScriptedReply, id: string, { wantsUsage }: Asked): string[] {
  const head = { id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: startedAt, model: reply.model };
  const usage = wantsUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null = null): string => toEvent({ ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }], ...usage });
  const calls = reply.toolCalls.flatMap((call, index) => [
    chunk({ tool_calls: [{ index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }] }),
    ...toPieces(call.rawArguments).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...toPieces(reply.thought ?? '').map((piece) => chunk({ reasoning_content: piece })),
    ...toPieces(reply.text).map((piece) => chunk({ [spokenField(reply)]: piece })),
    ...calls,
    chunk({}, toFinishReason(reply)),
    ...(wantsUsage ? [toEvent({ ...head, choices: [], usage: toUsage(reply) })] : []),
    'data: [DONE]\n\n',
  ];
}

const errorTypes: Partial<Record<number, { type: string; code: string | null }>> = {
  401: { type: 'invalid_request_error', code: 'invalid_api_key' },
  429: { type: 'requests', code: 'rate_limit_exceeded' },
};

/**
 * `/v1/chat/completions`, with thought in the field that compatible servers use for it.
 * @see https://developers.openai.com/api/reference/resources/chat (2026-11)
 */
export const openAiFormat: WireFormat = {
  requestIdHeader: 'x-request-id',
  readRequest, toWhole, toEvents,
  toError({ status, message, isAboutModel = false }) {
    const { type, code } = errorTypes[status] ?? { type: status >= 500 ? 'server_error' : 'invalid_request_error', code: isAboutModel ? 'model_not_found' : null };
    return { error: { message, type, param: null, code } };
  },
  toModelList: (names) => ({ object: 'list', data: names.map((id) => ({ id, object: 'model', created: startedAt, owned_by: 'scripted' })) }),
};
