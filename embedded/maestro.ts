// Everything `npm start`, `npm run demo` and `npm run dev` bring up on one machine, in order, supervised. What the environment names instead
// (DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL) is used and not started.
import { resolve } from 'node:path';
import { createDatabase } from '../db/connect.ts';
import { isDatabaseUnavailable } from '../db/is-unavailable.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { pingDatabase } from '../db/repositories/health.repository.ts';
import { ensureDemoAgent } from '../engine/agents/index.ts';
import { insertDemoPolicy } from '../engine/governance/index.ts';
import { createSignInLink, ensureAdmin } from '../engine/people/index.ts';
import { loadConfig } from '../platform/config.ts';
import { isBuilt } from '../scripts/build-state.ts';
import { type DataDir, openDataDir } from './data-dir.ts';
import { demoAgent } from './demo-data/demo-agent.ts';
import { demoPolicy } from './demo-data/demo-policy.ts';
import { startNodeProcess } from './managed-process.ts';
import { startOutbox } from './outbox/outbox.ts';
import { apiPart, databasePart, demoDataPart, temporalPart, webPart, workerPart } from './parts.ts';
import { chooseInternalPorts, claimPort, type InternalPorts, isPortFree } from './ports.ts';
import { loadSecrets, type Secrets } from './secrets.ts';
import { StartError } from './start-error.ts';
import { Supervisor } from './supervisor.ts';
import { findTemporalBinary } from './temporal-binary.ts';

export interface MaestroOptions {
  /** Short lines about what is going on. */
  log: (line: string) => void;
  env?: NodeJS.ProcessEnv;
  /** Aborting stops the start and everything it started. */
  signal: AbortSignal;
  /** `dev`: the web app from Vite with hot reload, instead of the built one. */
  web?: 'built' | 'dev';
}

export interface Maestro {
  url: string;
  signInLink: string;
  adminEmail: string;
  /** Undefined: the person chose another one, or it comes from the environment. */
  adminPassword: string | undefined;
  temporalUiUrl: string | undefined;
  dataDir: DataDir;
  restart(part: 'api' | 'worker'): Promise<void>;
  /** Ends everything in order; data stays. Safe to call twice. */
  stop(): Promise<void>;
}

const signInLinkMs = 60 * 60_000;
/** What a killed start left may take this long to let go of its ports. */
const interruptedWaitMs = 15_000;

const given = (env: NodeJS.ProcessEnv, name: string): string | undefined => (env[name] === undefined || env[name].trim() === '' ? undefined : env[name].trim());

function portSetting(env: NodeJS.ProcessEnv, name: string, byDefault: number): number {
  const text = given(env, name) ?? String(byDefault);
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port < 1 || port > 65_535) throw new StartError(`${name} must be a port from 1 to 65535.`);
  return port;
}

/** The whole environment of api and worker: what the person set, and the embedded parts where nothing was set. */
function childEnvironment({ env, secrets, ports, dataDir, url, temporalUiUrl }: { env: NodeJS.ProcessEnv; secrets: Secrets; ports: InternalPorts; dataDir: DataDir; url: string; temporalUiUrl: string | undefined }): NodeJS.ProcessEnv {
  const local = (port: number): string => `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  const sources = given(env, 'MAESTRO_DATA_SOURCES') ?? '';
  const withDemo = /(^|\s)support=/.test(sources) ? sources : `${sources} support=${local(ports.demoData)}`.trim();
  const orElse = (name: string, value: string): Record<string, string> => ({ [name]: given(env, name) ?? value });
  return {
    ...env,
    ...orElse('PUBLIC_URL', url),
    ...orElse('DATABASE_URL', local(ports.database)),
    ...orElse('TEMPORAL_ADDRESS', `127.0.0.1:${ports.temporal}`),
    ...(given(env, 'SMTP_URL') === undefined ? { SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`, SMTP_IS_OUTBOX: 'true' } : {}),
    ...(temporalUiUrl === undefined ? {} : { TEMPORAL_UI_URL: temporalUiUrl }),
    ...orElse('COMPANY_EMAIL_DOMAINS', 'example.com'),
    ...orElse('MAESTRO_JWT_SECRET', secrets.jwt_secret),
    ...orElse('MAESTRO_ENCRYPTION_KEY', secrets.encryption_key),
    ...orElse('MAESTRO_ADMIN_EMAIL', secrets.admin_email),
    ...orElse('MAESTRO_ADMIN_PASSWORD', secrets.admin_password),
    MAESTRO_DATA_SOURCES: withDemo,
    // Whoever starts it for this machine alone may start programs here anyway.
    ...orElse('MCP_STDIO', /^(127\.|localhost$|::1$)/.test(given(env, 'HOST') ?? '127.0.0.1') ? 'on' : 'off'),
    MAESTRO_DATA_DIR: dataDir.path,
  };
}

/** Brings everything up and returns once it can be used. @throws StartError, ConfigError; nothing is left running then. */
export async function startMaestro(options: MaestroOptions): Promise<Maestro> {
  const { log, signal, env = process.env } = options;
  const dataDir = openDataDir(resolve(given(env, 'MAESTRO_DATA_DIR') ?? '.maestro'));
  const supervisor = new Supervisor({ log: (line) => supervisor.isStopping || log(line) });
  const closing: (() => unknown)[] = [() => dataDir.release()];
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= (async () => {
      await supervisor.stop();
      for (const close of closing.toReversed()) await close();
    })();
    return stopped;
  };
  const aborted = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  aborted.catch(() => undefined);
  try {
    signal.throwIfAborted();
    return await Promise.race([bringUp(options, { dataDir, supervisor, closing, stop, env }), aborted]);
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Plan {
  dataDir: DataDir;
  supervisor: Supervisor;
  closing: (() => unknown)[];
  stop(): Promise<void>;
  env: NodeJS.ProcessEnv;
}

async function bringUp({ log, signal, web = 'built' }: MaestroOptions, { dataDir, supervisor, closing, stop, env }: Plan): Promise<Maestro> {
  const secrets = loadSecrets(dataDir.at('secrets.json'));
  const waitMs = dataDir.wasInterrupted ? interruptedWaitMs : 0;
  const host = given(env, 'HOST') ?? '127.0.0.1';
  const port = portSetting(env, 'PORT', 8000);
  const isTemporalGiven = given(env, 'TEMPORAL_ADDRESS') !== undefined;
  const uiPort = portSetting(env, 'TEMPORAL_UI_PORT', 8233);
  await claimPort({ port, host, what: 'the web app and the API', setting: 'PORT', waitMs });
  if (!isTemporalGiven) await claimPort({ port: uiPort, host: '127.0.0.1', what: 'the Temporal Web UI', setting: 'TEMPORAL_UI_PORT', waitMs });

  const ports = await chooseInternalPorts(dataDir.at('ports.json'));
  const url = given(env, 'PUBLIC_URL') ?? `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${port}`;
  const temporalUiUrl = given(env, 'TEMPORAL_UI_URL') ?? (isTemporalGiven ? undefined : `http://127.0.0.1:${uiPort}`);
  const childEnv = childEnvironment({ env, secrets, ports, dataDir, url, temporalUiUrl });
  const config = loadConfig(childEnv); // Every bad setting is told now, before anything starts.
  dataDir.announce(url);

  const startDatabases = async (): Promise<void> => {
    log('starting databases');
    await Promise.all([
      given(env, 'DATABASE_URL') === undefined ? supervisor.add(databasePart(dataDir, ports)) : undefined,
      childEnv['MAESTRO_DATA_SOURCES']?.includes(`:${ports.demoData}/`) === true ? supervisor.add(demoDataPart(dataDir, ports)) : undefined,
    ]);
  };
  // Fetching or building the program may take minutes; nothing that waits for Temporal starts before.
  const binary = isTemporalGiven ? undefined : findTemporalBinary(log, env);
  const startTemporal = async (): Promise<void> => {
    if (binary === undefined) return;
    await supervisor.add(temporalPart(dataDir, ports, { binary: await binary, uiPort, namespace: config.temporal.namespace }));
  };
  const temporalStarted = startTemporal();
  temporalStarted.catch(() => undefined); // Awaited below; it may fail before.
  await Promise.all([buildWhatChanged(web, log, signal), startDatabases(), binary]);
  signal.throwIfAborted();

  const db = createDatabase({ connectionString: config.database.url, maxConnections: 3, applicationName: 'maestro-start', onError: () => undefined });
  closing.push(() => db.destroy());
  const migrated = await migrateToLatest(db).catch((error: unknown) => {
    throw isDatabaseUnavailable(error) ? new StartError('The database at DATABASE_URL cannot be reached.', { cause: error }) : error;
  });
  if (migrated.length > 0) log('database schema is up to date');
  await pingDatabase(db);
  const adminEmail = config.auth.adminEmail as string;
  const admin = await ensureAdmin({ db }, { email: adminEmail, password: config.auth.adminPassword });
  if ((await ensureDemoAgent({ db }, demoAgent)) !== undefined) await insertDemoPolicy({ db }, { name: demoPolicy.name, source: { form: demoPolicy.form } });
  if (given(env, 'SMTP_URL') === undefined) {
    await supervisor.add({
      name: 'outbox',
      async start() {
        const outbox = await startOutbox({ db, port: ports.smtp, onError: (error) => log(`outbox: ${error instanceof Error ? error.message : String(error)}`) });
        return { exited: new Promise<string>(() => {}), isAlive: () => true, stop: outbox.stop, kill: outbox.stop };
      },
    });
  }
  signal.throwIfAborted();

  log('starting Temporal, worker and api');
  const apiPort = web === 'dev' ? await freeNeighbour(port) : port;
  // Worker and api dial until Temporal answers, so they load meanwhile.
  await Promise.all([
    temporalStarted,
    supervisor.add(workerPart(dataDir, childEnv, db, log)),
    supervisor.add(apiPart(dataDir, { ...childEnv, PORT: String(apiPort) }, { host, port: apiPort }, log)),
    web === 'dev' ? supervisor.add(webPart(dataDir, { ...env, MAESTRO_API_ORIGIN: `http://127.0.0.1:${apiPort}` }, { host, port }, log)) : undefined,
  ]);
  signal.throwIfAborted();

  const token = await createSignInLink({ db }, { userId: admin.userId, ttlMs: signInLinkMs });
  const isPasswordOurs = given(env, 'MAESTRO_ADMIN_PASSWORD') === undefined && admin.isPasswordCurrent;
  return {
    url, temporalUiUrl, dataDir, adminEmail, stop,
    signInLink: `${url}/sign-in?token=${token}`,
    adminPassword: isPasswordOurs ? secrets.admin_password : undefined,
    restart: (part) => supervisor.restart(part),
  };
}

async function freeNeighbour(port: number): Promise<number> {
  for (let candidate = port + 1; ; candidate++) if (await isPortFree(candidate)) return candidate;
}

/** In a process of its own: bundlers take memory that a supervisor should not keep for days. */
async function buildWhatChanged(web: 'built' | 'dev', log: (line: string) => void, signal: AbortSignal): Promise<void> {
  const stale = [(await isBuilt('workflows')) ? [] : ['workflows'], web === 'dev' || (await isBuilt('web')) ? [] : ['web']].flat();
  if (stale.length === 0) return;
  const child = startNodeProcess({ script: 'scripts/build.ts', args: stale.length === 1 ? stale : [], endsWithParent: true, onLine: (line) => line.startsWith('· ') && log(line.slice(2)) });
  signal.addEventListener('abort', () => void child.kill(), { once: true });
  const how = await child.exited;
  signal.throwIfAborted();
  if (how !== 'exit code 0') throw new StartError(`The build failed:\n${child.lastWords()}`);
}

