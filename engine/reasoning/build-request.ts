import { fitContext, type FittedContext } from '../context/index.ts';
import type { ResolvedModel } from '../llm/index.ts';
import type { ModelMessage, ModelRequest } from '../llm/language-model.ts';
import { toConversation } from './conversation.ts';
import type { Turn } from './load-turn.ts';
import { keyOfCall } from './progress.ts';
import { toLastTurnNote, toSystemPrompt } from './prompts.ts';

export interface BuiltRequest {
  request: ModelRequest;
  /** What was asked, in short, for the trace. */
  manifest: Record<string, unknown>;
  droppedTurns: number;
  /** Estimated tokens of the request, and of an answer of usual length. */
  inputTokens: number;
  outputTokens: number;
}

export interface Shortening {
  /** How often the provider found the conversation too long. */
  compactions: number;
  /** Tokens it said it takes, if it did. */
  saidMaxTokens?: number | undefined;
}

/** Share of the model's window the conversation may fill; the rest is for the answer and for the error of the estimate. */
const windowShare = 0.7;
/** However long an answer may get, this share stays for the conversation. */
const smallestShare = 0.25;
/** Characters of one tool result, and what is left of it when nothing else helps. */
const resultCharacters = 24_000;
const smallestResult = 500;
/** Most answers are shorter. What one really took is counted after it. */
const usualOutputTokens = 500;

/** The conversation within what the model reads; each time it was too long all the same, half of what was sent before. */
function fit(turn: Turn, tools: ModelRequest['tools'], system: string, resolved: ResolvedModel, { compactions, saidMaxTokens }: Shortening): FittedContext {
  const { definition, isLastTurn } = turn;
  const window = resolved.contextWindow;
  const room = Math.floor(Math.max(Math.min(window * windowShare, window - (definition.max_output_tokens ?? 0)), window * smallestShare));
  const isOwnTurn = (iteration: number): boolean => {
    const key = turn.answeredBy.get(iteration);
    return key === undefined || key === keyOfCall({ connection_id: resolved.connectionId, llm_model: resolved.model });
  };
  /** When dropping old steps is not enough, results of tools in those that stay are cut shorter and shorter. */
  const within = (budgetTokens: number, resultBudget: number, dropAtLeast = 0): FittedContext => {
    const conversation = toConversation(turn.messages, turn.toolCalls, { resultBudget, isOwnTurn });
    const messages: ModelMessage[] = isLastTurn ? [...conversation, { role: 'user', content: toLastTurnNote(definition) }] : conversation;
    const fitted = fitContext({ system, tools, budgetTokens, messages, dropAtLeast });
    return fitted.keptTokens <= budgetTokens || resultBudget <= smallestResult ? fitted : within(budgetTokens, Math.floor(resultBudget / 2), fitted.droppedTurns);
  };
  const whole = within(room, resultCharacters);
  if (compactions === 0) return whole;
  // The estimate was wrong for this model, so what counts is what was sent, not what should have fitted.
  const halved = whole.keptTokens / 2 ** compactions;
  const said = saidMaxTokens === undefined ? Number.POSITIVE_INFINITY : saidMaxTokens * windowShare;
  return within(Math.floor(Math.min(halved, said)), Math.floor(resultCharacters / 2 ** compactions));
}

/** What a model of the chain is asked in this turn; the conversation is in the records already. */
export function buildRequest(turn: Turn, resolved: ResolvedModel, shortening: Shortening, repair: readonly ModelMessage[]): BuiltRequest {
  const { definition } = turn;
  const system = toSystemPrompt(turn.agentName, definition);
  const modelTools = turn.tools.toModelTools(definition.tools);
  const fitted = fit(turn, modelTools, system, resolved, shortening);
  const request: ModelRequest = {
    model: resolved.model, system, messages: [...fitted.messages, ...repair], tools: modelTools, mustAnswer: turn.isLastTurn, isShortened: fitted.droppedTurns > 0,
    maxOutputTokens: definition.max_output_tokens ?? undefined, temperature: definition.temperature ?? undefined,
    parameters: definition.parameters, outputSchema: (definition.output_schema ?? undefined) as ModelRequest['outputSchema'],
  };
  return {
    request,
    droppedTurns: fitted.droppedTurns,
    inputTokens: fitted.keptTokens,
    outputTokens: Math.min(definition.max_output_tokens ?? usualOutputTokens, usualOutputTokens),
    manifest: { model: request.model, system, tools: modelTools.map(({ name }) => name), messages: request.messages.length, dropped_turns: fitted.droppedTurns, estimated_tokens: fitted.keptTokens },
  };
}
