// What does Maestro add to a bare Temporal loop? Both run on the same server in the same minute; read the ratios, not the milliseconds:
// a ratio near 1 means that the time is Temporal's. The bare loop does the same kinds of activities with empty bodies; Maestro's do their
// work on the database as well.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { createAgentBodySchema } from '../contracts/agents.ts';
import { createAgent } from '../engine/agents/index.ts';
import { systemActor } from '../engine/governance/index.ts';
import { createLanguageModels } from '../engine/llm/index.ts';
import { startStack, type Stack } from '../tests/support/stack.ts';
import { taskQueueOf } from '../temporal/names.ts';
import { type Figure, percentile, ratio } from './figures.ts';
import { createIdleTools } from './idle-tools.ts';

const iterations = 5;
const ticksPerSecond = 100;

/** CPU seconds a process has used so far, its threads included. */
const cpuSeconds = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
};
const residentMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

async function historyPerIteration(client: Client, workflowId: string, type: string): Promise<{ events: number; bytes: number }> {
  const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
  const list = events ?? [];
  const starts = list.flatMap((event, index) => (event.activityTaskScheduledEventAttributes?.activityType?.name === type ? [index] : []));
  const isBare = type === 'bareActivity';
  // The bare loop names all its activities alike; its iterations are told apart by their upserts.
  const marks = isBare ? list.flatMap((event, index) => (event.upsertWorkflowSearchAttributesEventAttributes != null ? [index] : [])) : starts;
  const from = marks[0] ?? 0;
  const to = marks[iterations] ?? list.length;
  const bytes = list.slice(from, to).reduce((sum, event) => sum + proto.temporal.api.history.v1.HistoryEvent.encode(event).finish().byteLength, 0);
  return { events: (to - from) / iterations, bytes: bytes / iterations };
}

interface Loop {
  /** Runs one workflow to its end; returns its id. */
  run(): Promise<string>;
  /** Processes whose CPU counts besides Temporal's own. */
  pids(): number[];
}

async function timeOneByOne(loop: Loop, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const startedAt = performance.now();
    await loop.run();
    times.push(performance.now() - startedAt);
  }
  return times;
}

async function runAtOnce(loop: Loop, temporalPid: number, atOnce: number, count: number): Promise<{ perSecond: number; cpuPerRun: number }> {
  const pids = [...loop.pids(), temporalPid];
  const cpu = (): number => pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const [startedAt, cpuBefore] = [performance.now(), cpu()];
  let started = 0;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (started++ < count) await loop.run();
  }));
  return { perSecond: count / ((performance.now() - startedAt) / 1000), cpuPerRun: (cpu() - cpuBefore) / count };
}

async function startBareLoop(stack: Stack): Promise<Loop & { stop(): Promise<void> }> {
  const prefix = `${stack.taskQueuePrefix}-bare`;
  const worker = spawn(process.execPath, [fileURLToPath(new URL('./bare-loop/worker.ts', import.meta.url)), stack.temporalAddress, prefix], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    worker.once('message', () => resolve());
    worker.once('exit', () => reject(new Error('the bare worker did not start')));
  });
  return {
    async run() {
      const workflowId = crypto.randomUUID();
      await stack.temporal.workflow.execute('bareLoopWorkflow', { workflowId, taskQueue: taskQueueOf('workflows', prefix), args: [{ iterations, waits: false }] });
      return workflowId;
    },
    pids: () => [worker.pid ?? 0],
    async stop() {
      worker.kill('SIGTERM');
      await exited;
    },
  };
}

/** An agent on one of the scripts that are not offered to users. */
async function createScriptedAgent(stack: Stack, script: string): Promise<string> {
  const models = createLanguageModels({ config: { openai: { apiKey: undefined, baseUrl: undefined }, anthropic: { apiKey: undefined, baseUrl: undefined } } });
  const tools = createIdleTools(stack.db);
  const body = createAgentBodySchema.parse({ name: `${script} ${crypto.randomUUID()}`, purpose: 'To be measured.', llm_provider: 'scripted', llm_model: script, tools: ['run_sql', 'send_email'] });
  const agent = await createAgent({ db: stack.db, tools, models: { describe: (target, options) => models.describe(target, { ...options, withHidden: true }) } }, { body, actor: systemActor });
  return agent.id;
}

async function startMaestro(stack: Stack): Promise<Loop> {
  const agentId = await createScriptedAgent(stack, 'long-run');
  return {
    async run() {
      const runId = await stack.admin.startRun(agentId, `${iterations} iterations`);
      await stack.temporal.workflow.getHandle(runId).result();
      return runId;
    },
    pids: () => [stack.worker.pid, stack.apiProcess.pid, ...(stack.databasePid === undefined ? [] : [stack.databasePid])],
  };
}

async function approvalLatency(stack: Stack, count: number): Promise<number[]> {
  const agentId = await createScriptedAgent(stack, 'parallel-tools');
  const latencies: number[] = [];
  for (let index = 0; index < count; index++) {
    const runId = await stack.admin.startRun(agentId, 'Ask once.');
    await stack.admin.approve(await stack.admin.pendingApproval(runId));
    await stack.temporal.workflow.getHandle(runId).result();
    const row = await stack.db
      .selectFrom('hitl_decisions')
      .innerJoin('hitl_requests', 'hitl_requests.id', 'hitl_decisions.request_id')
      .innerJoin('tool_calls', 'tool_calls.id', 'hitl_requests.tool_call_id')
      .select(['hitl_decisions.decided_at', 'tool_calls.claimed_at'])
      .where('hitl_requests.run_id', '=', runId)
      .executeTakeFirstOrThrow();
    latencies.push((row.claimed_at?.getTime() ?? Number.NaN) - row.decided_at.getTime());
  }
  return latencies;
}

async function memoryOfParkedRuns(stack: Stack, count: number): Promise<{ before: number; after: number }> {
  const agentId = await createScriptedAgent(stack, 'parallel-tools');
  const before = residentMb(stack.worker.pid);
  let started = 0;
  await Promise.all(Array.from({ length: 8 }, async () => {
    while (started++ < count) {
      const runId = await stack.admin.startRun(agentId, 'Park.');
      await stack.admin.pendingApproval(runId);
    }
  }));
  return { before, after: residentMb(stack.worker.pid) };
}

const median = (values: number[]): number => percentile(values, 50);

export async function benchAgentRuns(options: { quick: boolean }): Promise<Figure[]> {
  const stack = await startStack({ ownTemporal: true, embeddedDatabase: true });
  const bare = await startBareLoop(stack);
  try {
    const maestro = await startMaestro(stack);
    await Promise.all([timeOneByOne(bare, 3), timeOneByOne(maestro, 3)]);
    const rounds = options.quick ? 5 : 20;
    // Interleaved, so that a slow moment of the machine hits both.
    const [bareTimes, maestroTimes]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      bareTimes.push(...(await timeOneByOne(bare, 1)));
      maestroTimes.push(...(await timeOneByOne(maestro, 1)));
    }
    const figures: Figure[] = [
      { name: `time per run of ${iterations} iterations (median)`, bare: `${median(bareTimes).toFixed(0)} ms`, maestro: `${median(maestroTimes).toFixed(0)} ms`, ratio: ratio(median(maestroTimes), median(bareTimes)), aim: '≤ 1.3' },
    ];
    const count = options.quick ? 64 : 192;
    const [bareAtOnce, maestroAtOnce] = [await runAtOnce(bare, stack.temporalPid, 32, count), await runAtOnce(maestro, stack.temporalPid, 32, count)];
    figures.push({ name: 'runs per second, 32 at once', bare: bareAtOnce.perSecond.toFixed(1), maestro: maestroAtOnce.perSecond.toFixed(1), ratio: ratio(maestroAtOnce.perSecond, bareAtOnce.perSecond), aim: '' });
    figures.push({ name: 'CPU per run, 32 at once (all processes)', bare: `${(bareAtOnce.cpuPerRun * 1000).toFixed(0)} ms`, maestro: `${(maestroAtOnce.cpuPerRun * 1000).toFixed(0)} ms`, ratio: ratio(maestroAtOnce.cpuPerRun, bareAtOnce.cpuPerRun), aim: '≤ 1.5' });
    const [bareHistory, maestroHistory] = [await historyPerIteration(stack.temporal, await bare.run(), 'bareActivity'), await historyPerIteration(stack.temporal, await maestro.run(), 'reason')];
    figures.push({ name: 'history events per iteration', bare: bareHistory.events.toFixed(1), maestro: maestroHistory.events.toFixed(1), ratio: ratio(maestroHistory.events, bareHistory.events), aim: '≤ 20 events' });
    figures.push({ name: 'history bytes per iteration', bare: bareHistory.bytes.toFixed(0), maestro: maestroHistory.bytes.toFixed(0), ratio: ratio(maestroHistory.bytes, bareHistory.bytes), aim: '≤ 6000 bytes' });
    const latencies = await approvalLatency(stack, options.quick ? 20 : 60);
    figures.push({ name: 'approve → next activity, p50 / p95', bare: '', maestro: `${percentile(latencies, 50).toFixed(0)} / ${percentile(latencies, 95).toFixed(0)} ms`, ratio: '', aim: 'p95 < 40 ms' });
    const parked = options.quick ? 100 : 500;
    const memory = await memoryOfParkedRuns(stack, parked);
    figures.push({ name: `memory of the worker, ${parked} runs parked`, bare: '', maestro: `${memory.before.toFixed(0)} → ${memory.after.toFixed(0)} MB`, ratio: '', aim: '' });
    return figures;
  } finally {
    await bare.stop();
    await stack.close();
  }
}
