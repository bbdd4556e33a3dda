// The product's own processes on real parts: api and worker as child processes, a real Temporal server, a real database, SMTP and the
// demo's ticket database. Only the model is under the test's control, over its real wire format.
import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Kysely } from 'kysely';
import { inject } from 'vitest';
import type { Role } from '../../contracts/permissions.ts';
import { createDatabase } from '../../db/connect.ts';
import type { Database } from '../../db/database.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { demoAgent } from '../../embedded/demo-data/demo-agent.ts';
import { startOutbox } from '../../embedded/outbox/outbox.ts';
import { startPglite } from '../../embedded/pglite/start-pglite.ts';
import { findTemporalBinary } from '../../embedded/temporal-binary.ts';
import { startTemporalServer } from '../../embedded/temporal-server.ts';
import { ensureDemoAgent } from '../../engine/agents/index.ts';
import { workflowBundlePath } from '../../scripts/build-workflow-bundle.ts';
import { createTemporalClient } from '../../temporal/client.ts';
import { tolerantCodec } from '../../temporal/tolerant-codec.ts';
import { type Person, signInAs } from './api.ts';
import { createTestDatabase } from './database.ts';
import { type EventReader, readEvents } from './event-reader.ts';
import { type OpenAiServer, startOpenAiServer } from './openai-server.ts';
import { startProcess, type TestProcess, unlessEnded } from './process.ts';
import { freePort } from './product.ts';
import { until } from './until.ts';

const run = promisify(execFile);
const adminEmail = 'admin@example.com';
const password = 'correct horse battery staple';

export interface StackOptions {
  /** Settings of both processes besides those of the stack. */
  env?: Record<string, string>;
  /** With the demo's agent. */
  demo?: boolean;
  /** A Temporal server of its own on a file, which can be killed; else the one all test files share. */
  ownTemporal?: boolean;
  /** Dynamic configuration of that server, `name=value` each. */
  temporalSettings?: string[];
  /** PGlite in a process of its own, as embedded, instead of the test database. */
  embeddedDatabase?: boolean;
}

export interface Stack {
  admin: Person;
  /** Adds a person of a role and signs in. */
  person(role: Role): Promise<Person>;
  db: Kysely<Database>;
  temporal: Client;
  temporalAddress: string;
  temporalPid: number;
  taskQueuePrefix: string;
  openai: OpenAiServer;
  readonly worker: TestProcess;
  readonly apiProcess: TestProcess;
  databasePid: number | undefined;
  startWorker(): Promise<void>;
  startApi(): Promise<void>;
  killTemporal(): Promise<void>;
  restartTemporal(): Promise<void>;
  /** The live events of a run, from now on, as a browser of the admin gets them. */
  follow(runId: string): Promise<EventReader>;
  temporalCli(...args: string[]): Promise<string>;
  /** Replays the history of every run of this stack with today's workflow code; returns how many, fails on the first that does not fit. */
  replayAll(): Promise<number>;
  until: typeof until;
  close(): Promise<void>;
}

async function openDatabase(embedded: boolean, folder: string): Promise<{ db: Kysely<Database>; connectionString: string; pid: number | undefined; close(): Promise<void> }> {
  if (!embedded) return { ...(await createTestDatabase()), pid: undefined };
  const pglite = await startPglite({ dataDir: join(folder, 'database'), port: 0, content: 'maestro' });
  const db = createDatabase({ connectionString: pglite.connectionString, maxConnections: 4 });
  await migrateToLatest(db);
  return {
    db, connectionString: pglite.connectionString, pid: pglite.pid,
    async close() {
      await db.destroy();
      await pglite.stop();
    },
  };
}

/** Address of the server all test files share; undefined outside vitest. */
const sharedTemporal = (): { address: string; binary: string } | undefined => {
  try {
    return inject('temporal');
  } catch {
    return undefined;
  }
};

export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), 'maestro-stack-'));
  const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
  const shared = options.ownTemporal === true ? undefined : sharedTemporal();
  const binary = shared?.binary ?? (await findTemporalBinary());
  const temporalPort = await freePort();
  const startOwn = () => startTemporalServer({ binary, port: temporalPort, dbFile: join(folder, 'temporal.db'), settings: options.temporalSettings });
  let own = shared === undefined ? await startOwn() : undefined;
  closing.unshift(async () => own?.stop());
  const temporalAddress = shared?.address ?? `127.0.0.1:${temporalPort}`;

  const database = await openDatabase(options.embeddedDatabase === true, folder);
  closing.unshift(() => database.close());
  const { db } = database;
  const outbox = await startOutbox({ db, port: 0 });
  closing.unshift(() => outbox.stop());
  const tickets = await startPglite({ dataDir: 'memory://', port: 0, content: 'tickets' });
  closing.unshift(() => tickets.stop());
  const openai = await startOpenAiServer();
  closing.unshift(() => openai.close());
  if (options.demo === true) await ensureDemoAgent({ db }, demoAgent);

  const taskQueuePrefix = `test-${randomUUID().slice(0, 8)}`;
  const port = await freePort();
  const env: Record<string, string> = {
    PORT: String(port), DATABASE_URL: database.connectionString, TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_TASK_QUEUE_PREFIX: taskQueuePrefix,
    SMTP_URL: outbox.url, SMTP_IS_OUTBOX: 'true', COMPANY_EMAIL_DOMAINS: 'example.com', MAESTRO_DATA_SOURCES: `support=${tickets.connectionString}`,
    OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: openai.baseUrl,
    // The memory image of the sandbox is made once and shared by all stacks of this machine. Secrets are like those of an installation:
    // one made of a single letter would be found, and masked, in every long line of it.
    MAESTRO_DATA_DIR: join(tmpdir(), 'maestro-test-data'), MAESTRO_JWT_SECRET: randomBytes(32).toString('hex'), MAESTRO_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    MAESTRO_ADMIN_EMAIL: adminEmail, MAESTRO_ADMIN_PASSWORD: password,
    ...options.env,
  };
  let worker: TestProcess | undefined;
  let apiProcess: TestProcess | undefined;
  closing.unshift(() => Promise.all([worker?.stop(), apiProcess?.stop()]));
  const temporal = createTemporalClient({ address: temporalAddress, namespace: 'default' });
  closing.unshift(() => temporal.connection.close());
  const baseUrl = (): string => `http://127.0.0.1:${port}`;

  const startWorker = async (): Promise<void> => {
    const since = new Date();
    const started = startProcess('worker.ts', env);
    worker = started;
    const isListed = async (): Promise<boolean> => (await db.selectFrom('worker_heartbeats').select('identity').where('started_at', '>=', since).execute()).length > 0;
    await unlessEnded(started, until('the worker to poll', isListed));
  };
  const startApi = async (): Promise<void> => {
    const started = startProcess('api/server.ts', env);
    apiProcess = started;
    await unlessEnded(started, until('the api to answer', async () => (await fetch(`${baseUrl()}/healthz`)).ok));
  };
  const close = async (): Promise<void> => {
    for (const step of closing) await step();
  };
  try {
    await Promise.all([startApi(), startWorker()]);
    const admin = await signInAs(baseUrl, adminEmail, password);
    let people = 0;
    return {
      admin, db, temporal, temporalAddress, taskQueuePrefix, openai, until, startWorker, startApi, close,
      temporalPid: own?.pid ?? -1,
      databasePid: database.pid,
      get worker() {
        return worker as TestProcess;
      },
      get apiProcess() {
        return apiProcess as TestProcess;
      },
      async person(role) {
        const email = `${role}-${++people}@example.com`;
        await admin.api.call('createUser', { body: { email, name: `${role} ${people}`, role, password } });
        return signInAs(baseUrl, email, password);
      },
      async replayAll() {
        const runs = await db.selectFrom('runs').select('id').execute();
        for (const { id } of runs) await Worker.runReplayHistory({ workflowBundle: { codePath: workflowBundlePath }, dataConverter: { payloadCodecs: [tolerantCodec] } }, await temporal.workflow.getHandle(id).fetchHistory(), id);
        return runs.length;
      },
      async killTemporal() {
        await own?.kill();
      },
      async restartTemporal() {
        own = await startOwn();
      },
      follow: (runId) => readEvents(`${baseUrl()}/api/events?run_id=${runId}`, { authorization: `Bearer ${admin.api.session.token ?? ''}` }),
      temporalCli: async (...args) => (await run(binary, [...args, '--address', temporalAddress, '--namespace', 'default'])).stdout,
    };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}
