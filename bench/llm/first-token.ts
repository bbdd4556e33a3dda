// (b) How long after the worker has the first token does a person see it? A run as a user starts it, and a browser's event stream. Between
// them lie the worker's batches (150 ms) and the api's reading of the event log (150 ms).
import OpenAI from 'openai';
import type { Stack } from '../../tests/support/stack.ts';
import { type Figure, p50p95, percentile, ratio } from '../figures.ts';
import { benchKey, type ScriptedProcess } from './scripted-process.ts';

interface Sample {
  /** From the request to the first token, as the worker measured it. */
  workerMs: number;
  /** From there to the browser. */
  onwardMs: number;
  /** From the press of the button to the first token on the screen. */
  userMs: number;
}

async function askBare({ openAiBaseUrl }: ScriptedProcess): Promise<number> {
  const client = new OpenAI({ apiKey: benchKey, baseURL: openAiBaseUrl, maxRetries: 0 });
  const startedAt = performance.now();
  const stream = await client.chat.completions.create({ model: 'short-speech', stream: true, messages: [{ role: 'user', content: 'Speak.' }] });
  for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') break;
  return performance.now() - startedAt;
}

/** Undefined when the reader came too late for the first piece: then it saw what it found, and nothing can be said. */
async function runOnce(stack: Stack, agentId: string): Promise<Sample | undefined> {
  const pressedAt = performance.timeOrigin + performance.now();
  const runId = await stack.admin.startRun(agentId, 'Speak.');
  const reader = await stack.follow(runId);
  try {
    await stack.temporal.workflow.getHandle(runId).result();
    const index = reader.events.findIndex((event) => event.type === 'text-delta');
    const first = reader.events[index];
    const arrivedAt = reader.arrivedAt[index];
    const call = await stack.db.selectFrom('model_calls').select(['started_at', 'first_token_ms']).where('run_id', '=', runId).executeTakeFirstOrThrow();
    if (first?.type !== 'text-delta' || first.data.offset !== 0 || arrivedAt === undefined || call.first_token_ms === null) return undefined;
    return { workerMs: call.first_token_ms, onwardMs: arrivedAt - (call.started_at.getTime() + call.first_token_ms), userMs: arrivedAt - pressedAt };
  } finally {
    reader.close();
  }
}

export async function benchFirstToken(stack: Stack, server: ScriptedProcess, { rounds }: { rounds: number }): Promise<Figure[]> {
  const agentId = await stack.admin.createAgent({ name: 'First token', llm_provider: 'openai', llm_model: 'short-speech', tools: ['run_sql'] });
  const [bare, samples]: [number[], Sample[]] = [[], []];
  for (let round = -2; round < rounds; round++) {
    const [asked, sample] = [await askBare(server), await runOnce(stack, agentId)];
    if (round < 0) continue;
    bare.push(asked);
    if (sample !== undefined) samples.push(sample);
  }
  const of = (field: keyof Sample): number[] => samples.map((sample) => sample[field]);
  return [
    { name: 'request → first token at the client, at the worker', bare: p50p95(bare), maestro: p50p95(of('workerMs')), ratio: ratio(percentile(of('workerMs'), 50), percentile(bare, 50)), aim: '' },
    { name: 'first token at the worker → in the browser', bare: '', maestro: p50p95(of('onwardMs'), 0), ratio: '', aim: 'p95 < 400 ms' },
    { name: 'run started → first token in the browser', bare: '', maestro: p50p95(of('userMs'), 0), ratio: '', aim: '' },
    { name: 'runs measured', bare: String(bare.length), maestro: `${samples.length} of ${rounds}`, ratio: '', aim: '' },
  ];
}
