// The worker process: connects everything, polls the task queues of its roles until it is told to stop. No logic of its own.
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createDatabase } from './db/connect.ts';
import { deleteWorkerHeartbeat, upsertWorkerHeartbeat } from './db/repositories/worker-heartbeats.repository.ts';
import { createAnswerCache, createCapacity, createCircuits, createLanguageModels } from './engine/llm/index.ts';
import { createMemory } from './engine/memory/index.ts';
import { createDraftWriter } from './engine/reasoning/index.ts';
import { createPolicies, findPolicyEngineOutage, logPolicyEngineBreakdowns } from './engine/safety/index.ts';
import { createPythonSandbox, createTools } from './engine/tools/index.ts';
import { type Config, ConfigError, loadConfig } from './platform/config.ts';
import { listConfigSecrets } from './platform/config-secrets.ts';
import { createLogger, type Logger } from './platform/logger.ts';
import { createSecretBox } from './platform/secret-box.ts';
import { onShutdown } from './platform/shutdown.ts';
import { createBackTestRunner } from './temporal/back-tests.ts';
import { createNotifier } from './temporal/notifier.ts';
import { createAgentRuns, ensureMaintenance } from './temporal/agent-runs.ts';
import { createTemporalClient, ensureSearchAttributes } from './temporal/client.ts';
import { taskQueueOf, type WorkerRole } from './temporal/names.ts';
import { tolerantCodec } from './temporal/tolerant-codec.ts';

const bundlePath = fileURLToPath(new URL('./dist/workflow-bundle.js', import.meta.url));
const heartbeatMs = 5_000;

/** How many activities of a role run at once in one process. */
const concurrency: Record<WorkerRole, number> = { workflows: 100, models: 100, tools: 50, sandbox: 4 };

async function createWorkers(config: Config, connection: NativeConnection, activities: ReturnType<typeof createActivities>): Promise<Worker[]> {
  const shared = { connection, namespace: config.temporal.namespace, dataConverter: { payloadCodecs: [tolerantCodec] }, shutdownGraceTime: '5s', maxHeartbeatThrottleInterval: '2s', defaultHeartbeatThrottleInterval: '2s' } satisfies Partial<WorkerOptions>;
  return Promise.all(
    config.worker.roles.map((role) =>
      Worker.create({
        ...shared,
        taskQueue: taskQueueOf(role, config.temporal.taskQueuePrefix),
        activities: activities[role],
        maxConcurrentActivityTaskExecutions: concurrency[role],
        ...(role === 'workflows' ? { workflowBundle: { codePath: bundlePath }, maxCachedWorkflows: 1_000 } : {}),
      }),
    ),
  );
}

/** Dials until the Temporal Service answers; a worker may be started before it. */
async function connect(config: Config, logger: Logger): Promise<NativeConnection> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await NativeConnection.connect({ address: config.temporal.address });
    } catch (error) {
      if (attempt === 1 || attempt % 20 === 0) logger.warn({ address: config.temporal.address, error }, 'waiting for temporal');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Knows what it must not say once the configuration is read. */
let logger = createLogger({ name: 'worker', level: 'error' });

async function main(): Promise<void> {
  const config = loadConfig();
  logger = createLogger({ name: 'worker', level: config.logLevel, secrets: listConfigSecrets(config) });
  logPolicyEngineBreakdowns(logger);
  if (config.worker.roles.includes('workflows') && !existsSync(bundlePath)) throw new ConfigError([{ name: 'dist/workflow-bundle.js', message: 'is missing; run npm run build' }]);
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => logger[level === 'ERROR' ? 'error' : 'warn']({ ...meta }, message)),
    shutdownSignals: [],
  });
  const db = createDatabase({
    connectionString: config.database.url, maxConnections: config.database.maxConnections, applicationName: 'maestro-worker',
    onError: (error) => logger.warn({ error }, 'database connection lost'),
  });
  const connection = await connect(config, logger);
  const client = createTemporalClient(config.temporal);
  const sandbox = createPythonSandbox({ cacheDir: join(config.dataDir, 'python'), packagesDir: config.tools.pyodidePackagesDir, poolSize: config.worker.roles.includes('sandbox') ? 1 : 0 });
  const secretBox = createSecretBox(config.auth.encryptionKey);
  const { tools, secrets, mcpSessions } = createTools({ db, config, secretBox, sandbox });
  const activities = createActivities({
    db,
    config,
    secretBox,
    tools,
    secrets,
    models: createLanguageModels({ config: config.llm, db, secretBox }),
    drafts: createDraftWriter({ db, onError: (error) => logger.warn({ error }, 'pieces of an answer under way were not shown') }),
    capacity: createCapacity({ db }),
    circuits: createCircuits({ db }),
    answerCache: createAnswerCache({ db }),
    memory: createMemory({ db, config: config.memory, logger }),
    notifier: createNotifier(client, config.temporal),
    backTestRunner: createBackTestRunner(client, config.temporal),
    policies: createPolicies({ db, environment: config.environment }),
    agentRuns: createAgentRuns(client, { ...config.temporal, publicUrl: config.http.publicUrl }),
  });
  if (config.worker.roles.includes('workflows')) {
    await ensureSearchAttributes(client);
    await ensureMaintenance(client, config.temporal.taskQueuePrefix);
  }
  const workers = await createWorkers(config, connection, activities);
  const worker = { identity: `${process.pid}@${hostname()}`, roles: config.worker.roles, startedAt: new Date() };
  const beat = (): Promise<void> => upsertWorkerHeartbeat(db, worker).catch((error: unknown) => logger.warn({ error }, 'heartbeat not recorded'));
  await beat();
  const beating = setInterval(() => {
    const outage = findPolicyEngineOutage();
    if (outage === undefined) return void beat();
    // Here every call would be refused; without this process they wait for another one.
    logger.error({ outage }, 'the worker cannot judge calls and stops');
    stopForGood();
  }, heartbeatMs);
  // Warm while nothing waits for it; the first call makes up for it if this fails.
  if (config.worker.roles.includes('sandbox')) sandbox.warmUp().catch((error: unknown) => logger.warn({ error }, 'the python sandbox is not warm'));

  const running = Promise.all(workers.map((one) => one.run()));
  const stop = async (): Promise<void> => {
    clearInterval(beating);
    for (const one of workers) if (one.getState() === 'RUNNING') one.shutdown();
    await running;
    await Promise.all([sandbox.close(), mcpSessions.close()]);
    await deleteWorkerHeartbeat(db, worker.identity).catch(() => undefined);
    await connection.close();
    // The client's connection ends with the process: closed before, a call that is about to be repeated throws out of a timer.
    await db.destroy();
  };
  const stopForGood = onShutdown(logger, stop);
  logger.info({ roles: config.worker.roles, temporal: config.temporal.address, taskQueuePrefix: config.temporal.taskQueuePrefix }, 'worker is polling');
  await running;
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError) console.error(error.message);
  else logger.error({ error }, 'the worker cannot go on');
  process.exit(1);
});
