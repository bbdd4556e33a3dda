import { toJsonb } from '../../../db/storable.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import type { Json } from '../../tools/tool.ts';
import type { ModelMessage, ModelRequest } from '../language-model.ts';

/** Names calls by their place in the conversation: providers make up new ids each time, which say nothing. */
function callNames(messages: readonly ModelMessage[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const message of messages) {
    if (message.role === 'assistant') for (const call of message.toolCalls) if (!names.has(call.id)) names.set(call.id, `call ${names.size}`);
  }
  return names;
}

/** Replaces every text that is the id of a call, however deep: kept blocks carry it too. */
function renamed(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return names.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => renamed(item, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, renamed(item, names)]));
}

function toMessage(message: ModelMessage, names: ReadonlyMap<string, string>): unknown {
  if (message.role === 'user') return message;
  if (message.role === 'tool') return { ...message, toolCallId: names.get(message.toolCallId) ?? message.toolCallId };
  return { ...message, toolCalls: message.toolCalls.map((call) => ({ ...call, id: names.get(call.id) })), providerState: renamed(message.providerState ?? null, names) };
}

/** Without fields that are undefined and halves of characters: canonical JSON has no word for them. */
const plain = (value: unknown): Json => JSON.parse(toJsonb(value)) as Json;

/** Equal for two requests a model could not tell apart: everything that may change the answer, but for the ids of calls. */
export function keyOfRequest(connectionId: string, request: ModelRequest): string {
  const names = callNames(request.messages);
  return hashJson(plain({ connectionId, ...request, messages: request.messages.map((message) => toMessage(message, names)) }));
}
