import type { MessageRow } from '../../db/repositories/messages.repository.ts';
import type { ToolCallRow } from '../../db/repositories/tool-calls.repository.ts';
import { shortenResult } from '../context/index.ts';
import type { ModelMessage, ModelToolCall } from '../llm/language-model.ts';
import type { Json } from '../tools/tool.ts';

export type ToolCallWithOutput = ToolCallRow & { output: unknown };

/** Characters of one tool result the model sees; the rest stays in the database and can be handed to tools by call id. */
const defaultResultBudget = 24_000;
const errorBudget = 4_000;

/** Characters of one of its own answers the model is shown again; what it said at such length it will not need word for word. */
const ownTextBudget = 24_000;

/** The model's own words, the middle left out when they are very long. */
const shortenOwnText = (text: string): string =>
  text.length <= ownTextBudget ? text : `${text.slice(0, (ownTextBudget * 2) / 3).toWellFormed()}\n[${text.length - ownTextBudget} characters left out here]\n${text.slice(-ownTextBudget / 3).toWellFormed()}`;

/** What the model reads of a call's outcome. Refusals and mistakes are errors it can learn from. */
function toToolMessage(call: ToolCallWithOutput, resultBudget: number): ModelMessage {
  const answer = (content: string, isError: boolean): ModelMessage => ({ role: 'tool', toolCallId: call.provider_call_id, content, isError });
  switch (call.state) {
    case 'succeeded': {
      if (call.output == null) return answer(call.summary ?? 'done', false);
      const { text } = shortenResult(JSON.stringify(call.output), resultBudget, { toolCallId: call.provider_call_id });
      const note = call.edited_arguments === null ? '' : `\n(An approver changed the arguments to ${JSON.stringify(call.edited_arguments)} before it ran.)`;
      return answer(text + note, false);
    }
    case 'outcome_unknown':
      return answer('Nobody knows whether this happened. Do not try it again.', true);
    case 'cancelled':
      return answer('This call was cancelled.', true);
    default:
      return answer(call.error === null ? `The call ended as ${call.state}.` : `${call.error.code}: ${call.error.message.slice(0, errorBudget).toWellFormed()}`, true);
  }
}

const toModelToolCall = (call: ToolCallRow): ModelToolCall => ({
  id: call.provider_call_id,
  name: call.tool_name,
  arguments: (call.arguments ?? undefined) as { [key: string]: Json } | undefined,
  rawArguments: call.raw_arguments ?? JSON.stringify(call.arguments ?? {}),
});

/** What people and Maestro said, the goal first: an operator may have spoken before the first turn opened the conversation. */
function toSpoken(messages: readonly MessageRow[]): MessageRow[] {
  const spoken = messages.filter((message) => message.source !== 'model');
  const goal = spoken.find((message) => message.source === 'system');
  return goal === undefined ? spoken : [goal, ...spoken.filter((message) => message !== goal)];
}

export interface ConversationOptions {
  /** Characters of one tool result; default 24,000. */
  resultBudget?: number;
  /** Whether the model that is asked now gave the answer of that turn: what a provider wants back is no other's to read. */
  isOwnTurn?: (iteration: number) => boolean;
}

/**
 * A run's conversation as the model is to read it, from what was recorded. What people said while a turn was under way comes
 * after that turn, since it had not read it; a call and its result always stand together.
 */
export function toConversation(messages: readonly MessageRow[], calls: readonly ToolCallWithOutput[], options: ConversationOptions = {}): ModelMessage[] {
  const { resultBudget = defaultResultBudget, isOwnTurn = () => true } = options;
  const spoken = toSpoken(messages);
  const conversation: ModelMessage[] = [];
  let next = 0;
  const sayUntil = (position: number): void => {
    for (; next < spoken.length && (spoken[next] as MessageRow).position <= position; next++) {
      conversation.push({ role: 'user', content: (spoken[next] as MessageRow).text });
    }
  };
  for (const turn of messages.filter((message) => message.source === 'model')) {
    sayUntil(turn.seen_position ?? turn.position);
    const own = calls.filter((call) => call.iteration === turn.iteration);
    const isLong = turn.text.length > ownTextBudget;
    conversation.push({
      role: 'assistant',
      content: shortenOwnText(turn.text),
      toolCalls: own.map(toModelToolCall),
      // For some providers the state holds the whole text once more.
      ...(turn.provider_state == null || isLong || !isOwnTurn(turn.iteration) ? {} : { providerState: turn.provider_state as Json }),
    });
    conversation.push(...own.map((call) => toToolMessage(call, resultBudget)));
  }
  sayUntil(Number.POSITIVE_INFINITY);
  return conversation;
}
