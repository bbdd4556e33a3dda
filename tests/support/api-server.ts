import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import { type AppDeps, createApp } from '../../api/app.ts';
import { type EndpointName, endpoints, type ResponseOf } from '../../contracts/endpoints.ts';
import { errorResponseSchema } from '../../contracts/errors.ts';
import { type Role, roles } from '../../contracts/permissions.ts';
import { createDatabase } from '../../db/connect.ts';
import { createAnswerCache, createCircuits, createLanguageModels } from '../../engine/llm/index.ts';
import { createMemory } from '../../engine/memory/index.ts';
import { createUser } from '../../engine/people/index.ts';
import { createPolicies } from '../../engine/safety/index.ts';
import { createPythonSandbox, createTools } from '../../engine/tools/index.ts';
import { loadConfig } from '../../platform/config.ts';
import { createLogger } from '../../platform/logger.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { createFakeAgentRuns, type FakeAgentRuns } from './fake-agent-runs.ts';

export const testPassword = 'correct horse battery';
export const emailOf = (role: Role): string => `${role}@example.com`;

interface RequestOptions {
  /** Whose token is sent; undefined: none. */
  as?: Role | undefined;
  query?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** The api of one test file over real HTTP: a database of its own, a person of every role, Temporal replaced by a record of calls. */
export interface ApiServer {
  baseUrl: string;
  app: Express;
  deps: AppDeps;
  database: TestDatabase;
  agentRuns: FakeAgentRuns;
  stopping: AbortController;
  userIdOf(role: Role): string;
  tokenOf(role: Role): string;
  request(method: string, path: string, options?: RequestOptions): Promise<Response>;
  /** Calls an endpoint and parses its answer with its strict contract; fails when the status is not the endpoint's. */
  call<Name extends EndpointName>(name: Name, options?: RequestOptions & { params?: Record<string, string> }): Promise<ResponseOf<Name>>;
  /** Calls an endpoint that must refuse; returns its status, parsed error and headers. */
  refusal(name: EndpointName, options?: RequestOptions & { params?: Record<string, string> }): Promise<{ status: number; code: string; message: string; details: Record<string, unknown>; headers: Headers }>;
  close(): Promise<void>;
}

const listen = (server: Server): Promise<string> =>
  new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)));

/** An error answer, parsed strictly. */
export async function readError(response: Response) {
  const { error } = errorResponseSchema.parse(await response.json());
  return { status: response.status, code: error.code, message: error.message, details: error.details ?? {}, headers: response.headers };
}

const addressOf = (name: EndpointName, params: Record<string, string> = {}): string =>
  endpoints[name].path.replace(/:([a-z_]+)/g, (_, part: string) => encodeURIComponent(params[part] ?? ''));

/**
 * @param overrides.via another way to the same database, for tests that break it.
 * @param overrides.env settings beside the needed ones.
 */
export async function startApiServer(overrides: Partial<AppDeps> & { env?: Record<string, string>; via?: (connectionString: string) => string } = {}): Promise<ApiServer> {
  const database = await createTestDatabase();
  const { env, via, ...depsOverrides } = overrides;
  const db = via === undefined ? database.db : createDatabase({ connectionString: via(database.connectionString) });
  const config = loadConfig({
    DATABASE_URL: database.connectionString, TEMPORAL_ADDRESS: '127.0.0.1:7233', LOG_LEVEL: 'silent',
    MAESTRO_JWT_SECRET: 'a secret of the tests, long enough', MAESTRO_ENCRYPTION_KEY: '0'.repeat(64), ...env,
  });
  const logger = createLogger({ name: 'api-test', level: 'silent' });
  const agentRuns = createFakeAgentRuns();
  const stopping = new AbortController();
  const secretBox = createSecretBox(config.auth.encryptionKey);
  const sandbox = createPythonSandbox({ cacheDir: config.dataDir, poolSize: 0 });
  const deps: AppDeps = {
    db, agentRuns, config, logger,
    ...createTools({ db, config, secretBox, sandbox }),
    models: createLanguageModels({ config: config.llm, db, secretBox }),
    circuits: createCircuits({ db }),
    answerCache: createAnswerCache({ db }),
    secretBox,
    memory: createMemory({ db, config: config.memory, logger }),
    notifier: { wake: async () => undefined },
    backTestRunner: { start: async () => undefined, cancel: async () => undefined, describe: async () => 'open' },
    policies: createPolicies({ db, environment: config.environment }),
    stopping: stopping.signal,
    eventTimings: { pollMs: 20 },
    ...depsOverrides,
  };
  const app = createApp(deps);
  const server = createServer(app);
  // A test that computes for seconds must not find its connection closed meanwhile.
  server.keepAliveTimeout = 75_000;
  const baseUrl = await listen(server);

  const userIds = new Map<Role, string>();
  const tokens = new Map<Role, string>();
  for (const role of roles) {
    const user = await createUser({ db }, { body: { email: emailOf(role), name: `The ${role}`, role, password: testPassword }, actor: { userId: null, name: 'Maestro' } });
    userIds.set(role, user.id);
    const response = await fetch(`${baseUrl}${endpoints.signIn.path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ email: emailOf(role), password: testPassword }) });
    tokens.set(role, endpoints.signIn.response.parse(await response.json()).access_token);
  }

  const request: ApiServer['request'] = (method, path, { as, query = '', body, headers = {} } = {}) =>
    fetch(`${baseUrl}${path}${query}`, {
      method,
      headers: { ...(as === undefined ? {} : { authorization: `Bearer ${tokens.get(as)}` }), ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return {
    baseUrl, app, deps, database, agentRuns, stopping,
    userIdOf: (role) => userIds.get(role) ?? '',
    tokenOf: (role) => tokens.get(role) ?? '',
    request,
    async call(name, options = {}) {
      const response = await request(endpoints[name].method.toUpperCase(), addressOf(name, options.params), options);
      const text = await response.text();
      if (response.status !== endpoints[name].status) throw new Error(`${name} answered ${response.status}: ${text}`);
      return endpoints[name].response.parse(text === '' ? undefined : JSON.parse(text)) as never;
    },
    refusal: async (name, options = {}) => readError(await request(endpoints[name].method.toUpperCase(), addressOf(name, options.params), options)),
    async close() {
      stopping.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sandbox.close();
      if (db !== database.db) await db.destroy();
      await database.close();
    },
  };
}
