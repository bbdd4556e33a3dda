import type { Json } from '../../tools/tool.ts';
import type { ModelMessage, ModelRequest } from '../language-model.ts';
import type { Scope } from './render-template.ts';

/** How one call came out, as far as the conversation tells. */
type CallOutcome = 'succeeded' | 'failed' | 'refused';

export interface Observation {
  /** The step that made the last calls; undefined at the start. */
  step: string | undefined;
  /** How that step came out. */
  outcome: CallOutcome;
  /** Final answers given since that step; somebody said something after each. */
  answers: readonly string[];
  /** What people said while the run was under way. */
  remarks: string[];
  turn: number;
  scope: Scope;
}

/** Ids of a script's calls carry turn and step, so that a script needs no memory besides the conversation. */
export const toCallId = (turn: number, step: string, position: number, count: number): string => `call_${turn}_${step}${count === 1 ? '' : `_${position + 1}`}`;
const parseCallId = (id: string): { turn: number; step: string } | undefined => {
  const match = /^call_(\d+)_([a-z]+(?:_[a-z]+)*)(?:_\d+)*$/.exec(id);
  return match === null ? undefined : { turn: Number(match[1]), step: match[2] as string };
};

/** The result's JSON stands on the first line; notes about shortening or edited arguments follow it. */
function toOutput(content: string): Json {
  try {
    return JSON.parse(content.split('\n', 1)[0] as string) as Json;
  } catch {
    return content;
  }
}

function toFacts(callId: string, result: Extract<ModelMessage, { role: 'tool' }> | undefined): { outcome: CallOutcome; facts: { [key: string]: Json } } {
  if (result === undefined) return { outcome: 'failed', facts: { call_id: callId, output: null, error: 'There is no result.', reason: '' } };
  if (!result.isError) return { outcome: 'succeeded', facts: { call_id: callId, output: toOutput(result.content), error: null, reason: '' } };
  const [, code, message] = /^([A-Z_]+): ([\s\S]*)$/.exec(result.content) ?? [undefined, '', result.content];
  const reason = message?.split('Reason: ').at(-1) ?? '';
  return { outcome: code === 'TOOL_REFUSED' ? 'refused' : 'failed', facts: { call_id: callId, output: null, error: message ?? '', reason } };
}

const worst = (outcomes: readonly CallOutcome[]): CallOutcome => (outcomes.includes('refused') ? 'refused' : outcomes.includes('failed') ? 'failed' : 'succeeded');

/** Reads from a conversation where a script stands and what its tools returned. */
export function observe({ messages, mustAnswer = false, isShortened = false }: Pick<ModelRequest, 'messages' | 'mustAnswer' | 'isShortened'>): Observation {
  const results = new Map(messages.flatMap((message) => (message.role === 'tool' ? [[message.toolCallId, message] as const] : [])));
  const said = messages.filter((message) => message.role === 'user').map((message) => message.content);
  // Not a person's remark: the note that turns were left out, second then, and the note that no calls are left, last then.
  const remarks = said.slice(isShortened ? 2 : 1, mustAnswer ? -1 : undefined);
  const [goal = ''] = (said[0] ?? '').split('\n\n', 1);
  const number = /\d+/.exec(goal)?.[0];

  const scope: Scope = { goal, ...(number === undefined ? {} : { number: Number(number) }) };
  let step: string | undefined;
  let outcome: CallOutcome = 'succeeded';
  let turn = 0;
  for (const message of messages) {
    if (message.role !== 'assistant') continue;
    turn++;
    const origin = message.toolCalls.map((call) => parseCallId(call.id)).find((found) => found !== undefined);
    if (origin === undefined) continue;
    turn = Math.max(turn, origin.turn);
    const calls = message.toolCalls.map((call) => toFacts(call.id, results.get(call.id)));
    outcome = worst(calls.map((call) => call.outcome));
    step = origin.step;
    scope[step] = { ...calls[0]?.facts, calls: calls.map((call) => ({ ...call.facts, outcome: call.outcome })) };
  }
  scope['turn'] = turn + 1;
  scope['turns_done'] = turn;
  const spoken = messages.filter((message) => message.role === 'assistant');
  const sinceCalls = spoken.slice(spoken.findLastIndex((message) => message.toolCalls.length > 0) + 1);
  return { step, outcome, answers: sinceCalls.map(({ content }) => content).filter((content) => content !== ''), remarks, turn: turn + 1, scope };
}
