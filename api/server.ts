// The api process: connects everything, serves HTTP until it is told to stop. No logic of its own.
import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Kysely } from 'kysely';
import { createDatabase } from '../db/connect.ts';
import type { Database } from '../db/database.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { listPendingMigrations } from '../db/migrate.ts';
import { createAnswerCache, createCircuits, createLanguageModels } from '../engine/llm/index.ts';
import { createMemory } from '../engine/memory/index.ts';
import { ensureAdmin } from '../engine/people/index.ts';
import { createPolicies, logPolicyEngineBreakdowns } from '../engine/safety/index.ts';
import { createPythonSandbox, createTools } from '../engine/tools/index.ts';
import { type Config, ConfigError, loadConfig } from '../platform/config.ts';
import { listConfigSecrets } from '../platform/config-secrets.ts';
import { createLogger } from '../platform/logger.ts';
import { createSecretBox } from '../platform/secret-box.ts';
import { onShutdown } from '../platform/shutdown.ts';
import { createMetrics } from '../platform/telemetry/metrics.ts';
import { createBackTestRunner } from '../temporal/back-tests.ts';
import { createNotifier } from '../temporal/notifier.ts';
import { createAgentRuns } from '../temporal/agent-runs.ts';
import { createTemporalClient } from '../temporal/client.ts';
import { createApp } from './app.ts';

const webDir = fileURLToPath(new URL('../dist/web', import.meta.url));
/** How long requests under way may take when the process stops. */
const drainMs = 10_000;

/** What keeps the api from starting, as a sentence for whoever starts it. */
class StartError extends Error {}

/** Another version of the schema would fail request by request; better not to start at all. */
async function refusePendingMigrations(db: Kysely<Database>): Promise<void> {
  const pending = await listPendingMigrations(db).catch((error: unknown) => {
    if (isDatabaseUnavailable(error)) throw new StartError('The database at DATABASE_URL cannot be reached.', { cause: error });
    throw error;
  });
  if (pending.length > 0) throw new StartError(`The database is not up to date: ${pending.length} migration${pending.length === 1 ? ' has' : 's have'} not run (${pending.join(', ')}). Run "npm run migrate" first.`);
}

const listen = (server: Server, { host, port }: Config['http']): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') reject(new StartError(`Port ${port} on ${host} is already in use. Stop what uses it or set PORT to another one.`));
      else if (error.code === 'EACCES') reject(new StartError(`Port ${port} on ${host} may not be opened by this user. Set PORT to one above 1023.`));
      else if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') reject(new StartError(`This machine has no address ${host}. Set HOST to one it has.`));
      else reject(error);
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

/** Connections on which nothing was asked yet: browsers open some ahead. Node does not count them as idle, so they would hold up a stop. */
function trackUnusedConnections(server: Server): ReadonlySet<Socket> {
  const unused = new Set<Socket>();
  server.on('connection', (socket) => {
    unused.add(socket);
    socket.once('close', () => unused.delete(socket));
  });
  server.on('request', ({ socket }) => unused.delete(socket));
  return unused;
}

/** Takes no more connections and lets requests under way end; what takes too long is cut off. */
const drain = (server: Server, unused: ReadonlySet<Socket>): Promise<void> =>
  new Promise((resolve) => {
    const deadline = setTimeout(() => server.closeAllConnections(), drainMs);
    server.close(() => {
      clearTimeout(deadline);
      resolve();
    });
    server.closeIdleConnections();
    for (const socket of unused) socket.destroy();
  });

/** Knows what it must not say once the configuration is read. */
let logger = createLogger({ name: 'api', level: 'error' });

async function main(): Promise<void> {
  const config = loadConfig();
  logger = createLogger({ name: 'api', level: config.logLevel, secrets: listConfigSecrets(config) });
  logPolicyEngineBreakdowns(logger);
  const db = createDatabase({
    connectionString: config.database.url, maxConnections: config.database.maxConnections, applicationName: 'maestro-api',
    onError: (error) => logger.warn({ error }, 'database connection lost'),
  });
  await refusePendingMigrations(db);
  if (config.auth.adminEmail !== undefined) await ensureAdmin({ db }, { email: config.auth.adminEmail, password: config.auth.adminPassword });

  const client = createTemporalClient(config.temporal);
  // The api judges edited arguments and describes tools; it never runs one, so the sandbox keeps no process ready.
  const sandbox = createPythonSandbox({ cacheDir: join(config.dataDir, 'python'), packagesDir: config.tools.pyodidePackagesDir, poolSize: 0 });
  const secretBox = createSecretBox(config.auth.encryptionKey);
  const tools = createTools({ db, config, secretBox, sandbox });
  const stopping = new AbortController();
  const app = createApp({
    db,
    agentRuns: createAgentRuns(client, { ...config.temporal, publicUrl: config.http.publicUrl }),
    ...tools,
    models: createLanguageModels({ config: config.llm, db, secretBox }),
    circuits: createCircuits({ db }),
    answerCache: createAnswerCache({ db }),
    secretBox,
    memory: createMemory({ db, config: config.memory, logger }),
    notifier: createNotifier(client, config.temporal),
    backTestRunner: createBackTestRunner(client, config.temporal),
    policies: createPolicies({ db, environment: config.environment }),
    config,
    logger,
    webDir: existsSync(join(webDir, 'index.html')) ? webDir : undefined,
    stopping: stopping.signal,
    metrics: createMetrics({ withProcessMetrics: true }),
  });
  const server = createServer(app);
  const unused = trackUnusedConnections(server);
  // Longer than a proxy keeps its side open, so that it never sends a request into a connection that is closing.
  server.keepAliveTimeout = 75_000;
  const { address, port } = await listen(server, config.http);
  logger.info({ address, port }, 'api is listening');
  onShutdown(logger, async () => {
    stopping.abort();
    await drain(server, unused);
    await Promise.all([sandbox.close(), tools.mcpSessions.close()]);
    // The connection to Temporal ends with the process: closed before, a call that is about to be repeated throws out of a timer.
    await db.destroy();
  });
}

main().catch((error: unknown) => {
  if (error instanceof ConfigError || error instanceof StartError) console.error(error.message);
  else logger.error({ error }, 'the api cannot start');
  process.exit(1);
});
