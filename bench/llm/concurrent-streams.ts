// (c) Do a hundred answers under way at once on one worker keep flowing? Every answer has a browser of its own. The largest gap between
// two pieces of a stream shows a stall: the server speaks every 40 ms, the worker batches for 150 ms, the api reads every 150 ms.
import OpenAI from 'openai';
import type { EventReader } from '../../tests/support/event-reader.ts';
import type { Stack } from '../../tests/support/stack.ts';
import { type Figure, percentile, ratio } from '../figures.ts';
import { benchKey, type ScriptedProcess } from './scripted-process.ts';

const pieceMs = 40;
/** Starting them all at once would measure the start. */
const startedAtOnce = 8;

const largestGap = (times: readonly number[]): number => Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));

/** How many of the spans overlap at most. */
function mostAtOnce(spans: readonly (readonly number[])[]): number {
  const marks = spans.flatMap((times) => [{ at: times[0] ?? 0, change: 1 }, { at: times.at(-1) ?? 0, change: -1 }]).toSorted((one, other) => one.at - other.at);
  let now = 0;
  return Math.max(...marks.map(({ change }) => (now += change)));
}

async function streamBare({ openAiBaseUrl }: ScriptedProcess, count: number): Promise<number[][]> {
  const client = new OpenAI({ apiKey: benchKey, baseURL: openAiBaseUrl, maxRetries: 0 });
  return Promise.all(Array.from({ length: count }, async () => {
    const times: number[] = [];
    const stream = await client.chat.completions.create({ model: 'long-speech', stream: true, messages: [{ role: 'user', content: 'Speak.' }] });
    for await (const chunk of stream) if ((chunk.choices[0]?.delta.content ?? '') !== '') times.push(performance.now());
    return times;
  }));
}

const piecesOf = ({ events, arrivedAt }: EventReader): number[] => arrivedAt.filter((_at, index) => events[index]?.type === 'text-delta');

async function streamMaestro(stack: Stack, count: number): Promise<{ streams: number[][]; whole: number }> {
  const agentId = await stack.admin.createAgent({ name: 'Many at once', llm_provider: 'openai', llm_model: 'long-speech' });
  const open: { runId: string; reader: EventReader }[] = [];
  let started = 0;
  await Promise.all(Array.from({ length: startedAtOnce }, async () => {
    while (started++ < count) {
      const runId = await stack.admin.startRun(agentId, 'Speak.');
      open.push({ runId, reader: await stack.follow(runId) });
    }
  }));
  await Promise.all(open.map(({ runId }) => stack.temporal.workflow.getHandle(runId).result()));
  for (const { reader } of open) reader.close();
  const rows = await stack.db.selectFrom('runs').select(['phase', 'outputs']).where('id', 'in', open.map(({ runId }) => runId)).execute();
  const lengths = rows.flatMap(({ phase, outputs }) => (phase === 'completed' && outputs !== null && typeof outputs.answer === 'string' ? [outputs.answer.length] : []));
  const full = Math.max(...lengths);
  return { streams: open.map(({ reader }) => piecesOf(reader)), whole: lengths.filter((length) => length === full).length };
}

const gapAt = (streams: readonly number[][], rank: number): number => percentile(streams.map(largestGap), rank);
const gaps = (streams: readonly number[][]): string => {
  const largest = streams.map(largestGap);
  return `${percentile(largest, 50).toFixed(0)} / ${percentile(largest, 95).toFixed(0)} / ${Math.max(...largest).toFixed(0)} ms`;
};
const seconds = (streams: readonly number[][]): number => percentile(streams.map((times) => ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 1000), 50);

export async function benchConcurrentStreams(stack: Stack, server: ScriptedProcess, { count }: { count: number }): Promise<Figure[]> {
  const bare = await streamBare(server, count);
  const { streams, whole } = await streamMaestro(stack, count);
  const seen = streams.filter((times) => times.length > 1);
  return [
    { name: 'streams at once at the peak', bare: String(mostAtOnce(bare)), maestro: String(mostAtOnce(seen)), ratio: '', aim: String(count) },
    { name: 'answers that came whole', bare: String(bare.length), maestro: String(whole), ratio: '', aim: String(count) },
    { name: `largest gap in a stream, p50 / p95 / max (a piece every ${pieceMs} ms)`, bare: gaps(bare), maestro: gaps(seen), ratio: ratio(gapAt(seen, 95), gapAt(bare, 95)), aim: 'max < 1000 ms' },
    { name: 'from the first piece to the last (p50)', bare: `${seconds(bare).toFixed(1)} s`, maestro: `${seconds(seen).toFixed(1)} s`, ratio: ratio(seconds(seen), seconds(bare)), aim: '≤ 1.05' },
  ];
}
