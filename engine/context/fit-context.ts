import type { ModelMessage, ModelTool } from '../llm/language-model.ts';
import { toDigest } from './digest.ts';
import { estimateTokens } from './estimate-tokens.ts';

export interface FitContextOptions {
  system: string;
  tools: readonly ModelTool[];
  messages: readonly ModelMessage[];
  /** Tokens the request may fill; the caller has set aside what the answer needs. */
  budgetTokens: number;
  /** Groups to leave out whether or not they would fit; default none. */
  dropAtLeast?: number;
}

export interface FittedContext {
  messages: ModelMessage[];
  /** Groups left out: an assistant message with the results of its calls, or one message of a person. */
  droppedTurns: number;
  /** Estimated tokens of what is sent, system prompt and tools included. */
  keptTokens: number;
}

/** Never dropped: the goal at the start, and at the end what the next answer builds upon. */
const keptAtEnd = 2;
/** What a message costs beside its text: role, separators, ids. */
const overheadTokens = 8;

function tokensOf(message: ModelMessage): number {
  if (message.role !== 'assistant') return overheadTokens + estimateTokens(message.content);
  const calls = message.toolCalls.reduce((sum, call) => sum + overheadTokens + estimateTokens(call.name + call.rawArguments), 0);
  // State the provider wants back holds thinking, and for some the whole answer once more.
  const state = message.providerState === undefined ? 0 : estimateTokens(JSON.stringify(message.providerState));
  return overheadTokens + estimateTokens(message.content) + calls + state;
}

/** Messages that only make sense together: a call never stands without its result, nor a result without its call. */
function toGroups(messages: readonly ModelMessage[]): ModelMessage[][] {
  const groups: ModelMessage[][] = [];
  for (const message of messages) {
    const last = groups.at(-1);
    if (message.role === 'tool' && last !== undefined && last[0]?.role === 'assistant') last.push(message);
    else groups.push([message]);
  }
  return groups;
}

const droppedNote = (count: number): string =>
  `[${count} earlier ${count === 1 ? 'step' : 'steps'} of this conversation ${count === 1 ? 'was' : 'were'} left out here to save space. Do not assume they did not happen.]`;

/** Share of the budget that what was left out may still take up, as one line each. */
const digestShare = 0.05;

/**
 * A conversation that fits the budget. The first message (the goal) and the last groups always stay, also when they alone exceed
 * it; between them the oldest groups go first, and a message in their place says how many they were and what happened in them.
 */
export function fitContext({ system, tools, messages, budgetTokens, dropAtLeast = 0 }: FitContextOptions): FittedContext {
  const fixed = estimateTokens(system) + (tools.length === 0 ? 0 : estimateTokens(JSON.stringify(tools)));
  const groups = toGroups(messages).map((group) => ({ group, tokens: group.reduce((sum, message) => sum + tokensOf(message), 0) }));
  const total = fixed + groups.reduce((sum, { tokens }) => sum + tokens, 0);
  const [first, ...rest] = groups;
  if ((total <= budgetTokens && dropAtLeast === 0) || first === undefined) return { messages: [...messages], droppedTurns: 0, keptTokens: total };

  const droppable = Math.max(0, rest.length - keptAtEnd);
  const digestTokens = Math.floor(budgetTokens * digestShare);
  const noteTokens = overheadTokens + estimateTokens(droppedNote(droppable)) + digestTokens;
  let kept = total;
  let dropped = 0;
  while (dropped < droppable && (dropped < dropAtLeast || kept + (dropped === 0 ? 0 : noteTokens) > budgetTokens)) kept -= (rest[dropped++] as { tokens: number }).tokens;
  if (dropped === 0) return { messages: [...messages], droppedTurns: 0, keptTokens: total };
  const digest = toDigest(rest.slice(0, dropped).map(({ group }) => group), digestTokens);
  const note: ModelMessage = { role: 'user', content: digest === '' ? droppedNote(dropped) : `${droppedNote(dropped)}\n${digest}` };
  return {
    messages: [...first.group, note, ...rest.slice(dropped).flatMap(({ group }) => group)],
    droppedTurns: dropped,
    keptTokens: kept + tokensOf(note),
  };
}
