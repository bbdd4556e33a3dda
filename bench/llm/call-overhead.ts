// (a) What does Maestro add to one model call? The activity `reason` as the worker runs it, on the real database, against the official
// client with the very same body, streamed, in the same process and minute. The server answers at once, so all that is left is ours.
import diagnostics from 'node:diagnostics_channel';
import Anthropic from '@anthropic-ai/sdk';
import { MockActivityEnvironment } from '@temporalio/testing';
import OpenAI from 'openai';
import { createModelActivities } from '../../activities/model.activities.ts';
import { defaultRunLimits } from '../../contracts/agents.ts';
import { insertRun } from '../../db/repositories/runs.repository.ts';
import { createAnswerCache } from '../../engine/llm/answer-cache/index.ts';
import { createCapacity } from '../../engine/llm/capacity/index.ts';
import { createCircuits } from '../../engine/llm/circuit/index.ts';
import { createLanguageModels } from '../../engine/llm/index.ts';
import { createMemory } from '../../engine/memory/index.ts';
import { createDraftWriter, readRequestBody, type TurnResult } from '../../engine/reasoning/index.ts';
import { newId } from '../../platform/ids.ts';
import { createLogger } from '../../platform/logger.ts';
import type { Stack } from '../../tests/support/stack.ts';
import { type Figure, p50p95, percentile, ratio } from '../figures.ts';
import { createIdleTools } from '../idle-tools.ts';
import { benchKey, type ScriptedProcess } from './scripted-process.ts';

interface CallTimes {
  /** From the start to the request's headers on the wire. */
  beforeMs: number;
  /** From the last byte of the answer to the result: at the client the text, in Maestro the recorded turn. */
  afterMs: number;
  wholeMs: number;
}

/** Both clients end in undici, the one in Node or the package, and both publish what they do with a connection. */
function watchWire(origin: string) {
  const seen = { sentAt: Number.NaN, lastByteAt: Number.NaN };
  const note = (field: keyof typeof seen) => (message: unknown): void => {
    if (String((message as { request: { origin: unknown } }).request.origin) === origin) seen[field] = performance.now();
  };
  const channels = { 'undici:client:sendHeaders': note('sentAt'), 'undici:request:bodyChunkReceived': note('lastByteAt') };
  for (const [name, listener] of Object.entries(channels)) diagnostics.subscribe(name, listener);
  return {
    async time(call: () => Promise<void>): Promise<CallTimes> {
      seen.sentAt = seen.lastByteAt = Number.NaN;
      const startedAt = performance.now();
      await call();
      const endedAt = performance.now();
      if (Number.isNaN(seen.sentAt + seen.lastByteAt)) throw new Error('the connection was not seen: did undici change its channels?');
      return { beforeMs: seen.sentAt - startedAt, afterMs: endedAt - seen.lastByteAt, wholeMs: endedAt - startedAt };
    },
    stop() {
      for (const [name, listener] of Object.entries(channels)) diagnostics.unsubscribe(name, listener);
    },
  };
}

const isBenched = ['openai', 'anthropic'] as const;
type Provider = (typeof isBenched)[number];

/** What a worker makes of its configuration, in this process. */
function createReason({ db }: Stack, { openAiBaseUrl, anthropicBaseUrl }: ScriptedProcess) {
  const config = { openai: { apiKey: benchKey, baseUrl: openAiBaseUrl }, anthropic: { apiKey: benchKey, baseUrl: anthropicBaseUrl } };
  const { reason } = createModelActivities({
    db, tools: createIdleTools(db), models: createLanguageModels({ config, db }), drafts: createDraftWriter({ db }),
    capacity: createCapacity({ db }), circuits: createCircuits({ db }), answerCache: createAnswerCache({ db }),
    memory: createMemory({ db, config: { embedding: undefined, chromaUrl: undefined }, logger: createLogger({ name: 'bench', level: 'error' }) }),
  });
  return reason;
}

/** A run that is recorded but that no workflow leads: the bench takes its first turn itself. */
async function insertIdleRun({ db }: Stack, agentId: string): Promise<string> {
  const runId = newId();
  await insertRun(db, { id: runId, agentId, agentVersion: 1, inputs: { goal: `Say something about ${runId}.` }, limits: defaultRunLimits, startedBy: null, idempotencyKey: null, requestHash: runId });
  return runId;
}

async function bodySentBy({ db }: Stack, runId: string): Promise<string> {
  const { request_ref: ref } = await db.selectFrom('model_calls').select('request_ref').where('run_id', '=', runId).executeTakeFirstOrThrow();
  const body = ref === null ? undefined : await readRequestBody(db, ref);
  if (body === undefined) throw new Error('the request of the first turn was not kept');
  return body;
}

/** The official client as one uses it who has nothing else: ask, read the stream, keep the text. */
function createBareCall(provider: Provider, { openAiBaseUrl, anthropicBaseUrl }: ScriptedProcess, body: string): () => Promise<void> {
  const request = JSON.parse(body) as never;
  let text = '';
  if (provider === 'openai') {
    const client = new OpenAI({ apiKey: benchKey, baseURL: openAiBaseUrl, maxRetries: 0 });
    return async () => {
      for await (const chunk of (await client.chat.completions.create(request)) as unknown as AsyncIterable<OpenAI.ChatCompletionChunk>) text += chunk.choices[0]?.delta.content ?? '';
    };
  }
  const client = new Anthropic({ apiKey: benchKey, baseURL: anthropicBaseUrl, maxRetries: 0 });
  return async () => {
    for await (const event of (await client.messages.create(request)) as unknown as AsyncIterable<Anthropic.MessageStreamEvent>) {
      if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') text += event.delta.text;
    }
  };
}

const warmUps = 15;

export async function benchCallOverhead(stack: Stack, server: ScriptedProcess, { rounds }: { rounds: number }): Promise<Figure[]> {
  const reason = createReason(stack, server);
  const wire = watchWire(server.anthropicBaseUrl);
  const figures: Figure[] = [];
  try {
    for (const provider of isBenched) {
      const agentId = await stack.admin.createAgent({ name: `Overhead of ${provider}`, llm_provider: provider, llm_model: 'echo', tools: ['run_sql', 'execute_python', 'send_email'] });
      const takeTurn = async (): Promise<CallTimes> => {
        const runId = await insertIdleRun(stack, agentId);
        const environment = new MockActivityEnvironment();
        return wire.time(async () => {
          const result = (await environment.run(reason, { runId, iteration: 1, isLastTurn: false })) as TurnResult;
          if (result.outcome !== 'final') throw new Error(`the turn came to ${result.outcome}`);
        });
      };
      const first = await insertIdleRun(stack, agentId);
      await new MockActivityEnvironment().run(reason, { runId: first, iteration: 1, isLastTurn: false });
      const bareCall = createBareCall(provider, server, await bodySentBy(stack, first));
      const [bare, maestro]: [CallTimes[], CallTimes[]] = [[], []];
      // Interleaved, so that a slow moment of the machine hits both.
      for (let round = -warmUps; round < rounds; round++) {
        const pair = [await wire.time(bareCall), await takeTurn()] as const;
        if (round < 0) continue;
        bare.push(pair[0]);
        maestro.push(pair[1]);
      }
      const compare = (name: string, field: keyof CallTimes, aim: string): Figure => {
        const [one, other] = [bare.map((times) => times[field]), maestro.map((times) => times[field])];
        return { name: `${provider}: ${name}`, bare: p50p95(one), maestro: p50p95(other), ratio: ratio(percentile(other, 50), percentile(one, 50)), aim };
      };
      const added = maestro.map((times, index) => times.wholeMs - (bare[index]?.wholeMs ?? 0));
      figures.push(
        compare('start → request on the wire', 'beforeMs', ''),
        compare('last byte → result', 'afterMs', ''),
        compare('whole call, a model of 0 ms', 'wholeMs', ''),
        { name: `${provider}: added per call`, bare: '', maestro: p50p95(added), ratio: '', aim: 'p50 < 50 ms' },
      );
    }
    return figures;
  } finally {
    wire.stop();
  }
}
