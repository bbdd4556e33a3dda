// A run in a real database whose model is scripted by the test: answers in order, requests recorded.
import { onTestFinished } from 'vitest';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import { type AgentDefinition, agentDefinitionSchema, defaultRunLimits, type RunLimits } from '../../contracts/agents.ts';
import type { Database } from '../../db/database.ts';
import { insertAgent, insertAgentVersion } from '../../db/repositories/agents.repository.ts';
import { insertContent } from '../../db/repositories/contents.repository.ts';
import { insertRun } from '../../db/repositories/runs.repository.ts';
import { listToolCalls, updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { newId } from '../../platform/ids.ts';
import { parseArguments } from '../llm/parse-arguments.ts';
import type { LanguageModel, ModelRequest, ModelResponse } from '../llm/language-model.ts';
import { findBuiltInPrice } from '../llm/prices/built-in-prices.ts';
import { costOf } from '../llm/prices/rates.ts';
import { catalogueOf } from '../../tests/support/tools.ts';
import type { Json, Tool } from '../tools/index.ts';
import { createAnswerCache } from '../llm/answer-cache/index.ts';
import { createCapacity } from '../llm/capacity/index.ts';
import { createCircuits } from '../llm/circuit/index.ts';
import type { ResolvedModel } from '../llm/index.ts';
import { createDraftWriter } from './drafts.ts';
import { takeTurn } from './take-turn.ts';
import type { TurnDeps, TurnOptions } from './turn-deps.ts';
import type { TurnResult } from './record-turn.ts';

export type ScriptedAnswer = Partial<ModelResponse> | Error | ((request: ModelRequest) => Promise<Partial<ModelResponse>> | Partial<ModelResponse>);

const usage = { inputTokens: 100, outputTokens: 20, cachedInputTokens: 40, cacheWriteTokens: undefined, reasoningTokens: 5 };

const toResponse = (answer: Partial<ModelResponse>): ModelResponse => ({
  model: 'test-model-2026', text: '', thought: undefined, toolCalls: [], usage, rawUsage: { prompt_tokens: 100 },
  finishReason: (answer.toolCalls ?? []).length > 0 ? 'tool_calls' : 'stop', ...answer,
});

/** A call as a provider would parse it; a text as arguments is taken verbatim. */
export const call = (name: string, args: unknown, id = `c_${newId().slice(-8)}`): ModelResponse['toolCalls'][number] => ({ id, name, ...parseArguments(args) });

const tool = (name: Tool['name'], argumentsSchema: z.ZodType): Tool => ({
  name, argumentsSchema, description: `Does ${name}.`, defaultRisk: 'LOW', risk: () => 'LOW', defaultEffect: 'none', effect: () => 'none', missingConfiguration: null, timeoutMs: 1_000,
  facts: () => ({}), effectSentence: () => name, execute: () => Promise.resolve({ output: null, summary: 'done' }),
});
const tools = catalogueOf([
  tool('run_sql', z.strictObject({ query: z.string() })),
  tool('execute_python', z.strictObject({ code: z.string() })),
  tool('send_email', z.strictObject({ to: z.array(z.string()), subject: z.string() })),
]);

export interface TestRun {
  runId: string;
  agentId: string;
  deps: TurnDeps;
  /** What the models were asked, oldest first. */
  requests: ModelRequest[];
  /** Queries the memory was asked. */
  recalls: string[];
  turn(iteration: number, options?: Partial<TurnOptions>): Promise<TurnResult>;
  /** Ends the calls of a turn as succeeded with these outputs, in order. */
  succeed(iteration: number, ...outputs: Json[]): Promise<void>;
}

export interface TestRunOptions {
  definition?: Partial<AgentDefinition>;
  limits?: Partial<RunLimits>;
  memories?: string[];
  goal?: string;
  data?: Record<string, Json>;
  /** What differs of a model, by its name; an error is thrown instead. */
  resolved?: Record<string, Partial<ResolvedModel> | Error>;
}

/** A queued run of a new agent. Every answer must be used by the end of the test; asking for more is an error that says so. */
export async function startTestRun(db: Kysely<Database>, answers: ScriptedAnswer[], options: TestRunOptions = {}): Promise<TestRun> {
  const agentId = newId();
  const runId = newId();
  const definition = agentDefinitionSchema.parse({
    // A connection of its own, so that its circuit and its rates are no other run's.
    purpose: 'To be tested.', llm_provider: 'openai', llm_connection: newId(), llm_model: 'gpt-5.4-mini', tools: ['run_sql', 'execute_python', 'send_email'], ...options.definition,
  });
  await insertAgent(db, { id: agentId, name: `Agent ${agentId}`, isDemo: false, createdBy: null });
  await insertAgentVersion(db, { agentId, version: 1, name: 'Tester', definition, createdBy: null });
  const inputs = { goal: options.goal ?? 'Count the tickets.', ...(options.data === undefined ? {} : { data: options.data }) };
  await insertRun(db, { id: runId, agentId, agentVersion: 1, inputs, limits: { ...defaultRunLimits, ...options.limits }, startedBy: null, idempotencyKey: null, requestHash: 'x' });

  const requests: ModelRequest[] = [];
  const recalls: string[] = [];
  const rest = [...answers];
  const model: LanguageModel = {
    async generate(request, { signal, onRequest }) {
      signal.throwIfAborted();
      requests.push(request);
      onRequest?.({ url: 'http://model.test/v1', body: JSON.stringify(request) });
      const answer = rest.shift();
      if (answer === undefined) throw new Error('the test scripted no further answer of the model');
      if (answer instanceof Error) throw answer;
      return toResponse(typeof answer === 'function' ? await answer(request) : answer);
    },
  };
  onTestFinished(() => {
    if (rest.length > 0) throw new Error(`${rest.length} scripted answers were never asked for`);
  });
  const deps: TurnDeps = {
    db, tools,
    models: {
      resolve: ({ llm_provider: provider, llm_connection: connection, llm_model: name }) => {
        const special = options.resolved?.[name];
        if (special instanceof Error) return Promise.reject(special);
        const price = provider === 'scripted' ? undefined : findBuiltInPrice(provider, name);
        const cost = (used: ModelResponse['usage']): number | undefined => (price === undefined ? undefined : costOf(price, used));
        return Promise.resolve({
          connectionId: connection ?? provider, connectionName: `${provider} of the test`, provider, model: name, languageModel: model, isScripted: false, contextWindow: 32_000,
          limits: { requests_per_minute: null, tokens_per_minute: null }, costMicroUsd: cost,
          estimateCostMicroUsd: (inputTokens, outputTokens) => cost({ ...usage, cachedInputTokens: undefined, inputTokens, outputTokens }),
          ...special,
        });
      },
    },
    memory: {
      recall: ({ query }) => {
        recalls.push(query);
        return Promise.resolve((options.memories ?? []).map((text) => ({ id: newId(), text, cameFrom: ['web_search'], score: 1 })));
      },
      remember: () => Promise.resolve(),
    },
    capacity: createCapacity({ db }), circuits: createCircuits({ db }), answerCache: createAnswerCache({ db }),
    drafts: createDraftWriter({ db, flushMs: 5 }),
  };
  return {
    runId, agentId, deps, requests, recalls,
    turn: (iteration, more = {}) => takeTurn(deps, { runId, iteration, isLastTurn: false, signal: new AbortController().signal, ...more }),
    async succeed(iteration, ...outputs) {
      const calls = (await listToolCalls(db, runId)).filter((candidate) => candidate.iteration === iteration && candidate.state === 'proposed');
      for (const [index, output] of outputs.entries()) {
        const toolCall = calls[index];
        if (toolCall === undefined) throw new Error(`turn ${iteration} has no call ${index}`);
        await updateToolCall(db, toolCall.id, { state: 'succeeded', outputRef: await insertContent(db, output), summary: 'done', finishedAt: new Date() });
      }
    },
  };
}
