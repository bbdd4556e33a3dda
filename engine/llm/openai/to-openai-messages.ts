import type OpenAI from 'openai';
import type { Json } from '../../tools/tool.ts';
import type { ModelMessage, ModelRequest, ModelTool } from '../language-model.ts';
import { toSafeToolName } from '../safe-tool-name.ts';

type Message = OpenAI.Chat.ChatCompletionMessageParam;
type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;

/** Thinking some compatible servers want back with the calls it led to, under the names they gave it. */
function reasoningOf(state: AssistantMessage['providerState']): { reasoning_content?: string; reasoning_details?: Json[] } {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return {};
  const { reasoning_content: content, reasoning_details: details } = state;
  return { ...(typeof content === 'string' ? { reasoning_content: content } : {}), ...(Array.isArray(details) ? { reasoning_details: details } : {}) };
}

function toAssistantMessage({ content, toolCalls, providerState }: AssistantMessage): Message {
  const calls = toolCalls.map((call) => ({
    id: call.id,
    type: 'function' as const,
    // Arguments that are no JSON make some servers refuse the whole conversation; the result of the call says what was wrong.
    function: { name: toSafeToolName(call.name), arguments: JSON.stringify(call.arguments ?? {}) },
  }));
  // An empty text, not null: servers built on llama.cpp answer 500 to null.
  return { role: 'assistant', content, ...(calls.length === 0 ? {} : { tool_calls: calls }), ...reasoningOf(providerState) };
}

function toMessage(message: ModelMessage): Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.content };
    case 'assistant':
      return toAssistantMessage(message);
    case 'tool':
      // The API has no field for a failed call, so the text says it.
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.isError ? `Error: ${message.content}` : message.content };
  }
}

/** The conversation as `/v1/chat/completions` takes it, the system prompt first. */
export const toOpenAiMessages = ({ system, messages }: Pick<ModelRequest, 'system' | 'messages'>): Message[] => [
  { role: 'system', content: system },
  ...messages.map(toMessage),
];

/** In an order of their own: the same tools must be the same text in every request, or no cached prompt fits. */
export const toOpenAiTools = (tools: readonly ModelTool[]): OpenAI.Chat.ChatCompletionFunctionTool[] =>
  tools.toSorted((one, other) => (one.name < other.name ? -1 : 1)).map(({ name, description, parameters }) => ({ type: 'function', function: { name, description, parameters } }));
