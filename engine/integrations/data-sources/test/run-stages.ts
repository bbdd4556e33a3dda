import type { Socket } from 'node:net';
import type pg from 'pg';
import { AppError } from '../../../../contracts/errors.ts';
import type { StagedTest, TestStage } from '../../../../contracts/staged-tests.ts';
import { type DataSourceAccess, isOwnAddress, isOwnDatabase, listReadableTables } from '../../../tools/index.ts';
import { StageError } from '../../connections/test/stage-failure.ts';
import { judgeRights } from './judge-rights.ts';
import { lookUp, open, placeNameOf, secure, toServerTarget } from './server-target.ts';
import { signIn } from './sign-in.ts';

const stageNames = ['address', 'connect', 'tls', 'sign_in', 'identity', 'rights', 'tables'] as const;
type StageName = (typeof stageNames)[number];

/** How long each stage and all of them may take, in milliseconds. */
export type DataSourceTimeouts = Record<StageName | 'total', number>;
export const defaultTimeouts: DataSourceTimeouts = { address: 4_000, connect: 4_000, tls: 4_000, sign_in: 8_000, identity: 5_000, rights: 8_000, tables: 12_000, total: 25_000 };

export interface DataSourceStages {
  access: DataSourceAccess;
  ownDatabaseUrl: string | undefined;
  /** The stored password was not used because the place is another one. */
  isPasswordWithheld?: boolean;
  /** Ends the test: whoever asked has gone. Its reason is thrown. */
  signal: AbortSignal;
  timeouts?: DataSourceTimeouts;
}

/** What a stage that has nothing to do says. */
class Skip {
  readonly detail: string;
  constructor(detail: string) {
    this.detail = detail;
  }
}

const own = (): StageError => new StageError('OWN_DATABASE', 'This is Maestro\'s own database, which agents never read.', 'Name another database.');
const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** The answer, or a StageError when it takes too long or the server gives an error. */
async function asked<Value>(what: string, answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const timeout = Promise.withResolvers<never>();
  const onAbort = (): void => timeout.reject(new StageError('NO_ANSWER', `The server did not answer in time when asked for ${what}.`, 'It may be overloaded, or a proxy between holds answers back; test again in a moment.'));
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([answer, timeout.promise]);
  } catch (error) {
    if (error instanceof StageError) throw error;
    if (error instanceof AppError) throw new StageError(error.code, error.message, 'Agents would get the same; look at the server and at what the role may do.');
    throw new StageError('CATALOGUE_UNREADABLE', `The server gave an error when asked for ${what}${/^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '') ? ` (${(error as { code: string }).code})` : ''}.`, 'Check that it is PostgreSQL 14 or later, and look at its log.');
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

const unmatched = (patterns: readonly string[] | null, names: readonly string[]): string[] =>
  (patterns ?? []).filter((pattern) => {
    const [schema, table] = pattern.includes('.') ? pattern.split('.') : ['public', pattern];
    return !names.some((name) => (table === '*' ? (schema === 'public' ? !name.includes('.') : name.startsWith(`${schema}.`)) : name === (schema === 'public' ? table : pattern)));
  });

/**
 * Tries a data source from the outside in: name, port, TLS, role and password, whose database it is, what the role may do, and what agents
 * would see, read the way they read it. The first failure ends it with a plain cause and a likely fix; what comes after is skipped.
 * Throws only what aborts it.
 */
export async function runDataSourceStages({ access, ownDatabaseUrl, isPasswordWithheld = false, signal, timeouts = defaultTimeouts }: DataSourceStages): Promise<StagedTest> {
  const total = AbortSignal.timeout(timeouts.total);
  const target = toServerTarget(access.connectionString);
  const warnings: string[] = [];
  let socket: Socket | undefined;
  let client: pg.Client | undefined;
  const connected = (): pg.Client => client as pg.Client;
  const steps: Record<StageName, (signal: AbortSignal) => Promise<string | Skip>> = {
    address: (within) => lookUp(target, within),
    async connect(within) {
      socket = await open(target, within);
      return `Port ${target.port} is open.`;
    },
    async tls(within) {
      if (target.sslMode === undefined) {
        if (!isLoopback(target.host)) warnings.push(`The connection to ${placeNameOf(target)} is not encrypted: password and rows can be read on the way. Add ?sslmode=verify-full to the address.`);
        return new Skip('The address asks for no TLS: nothing is encrypted on the way.');
      }
      const isChecked = ['require', 'verify-full'].includes(target.sslMode) && !target.hasOwnAuthority;
      return isChecked && socket !== undefined ? secure(socket, target, within) : new Skip('TLS is set up while signing in.');
    },
    async sign_in(within) {
      if (access.problem !== null) throw new StageError('PASSWORD_UNREADABLE', 'The stored password cannot be opened with this system\'s key.', 'Enter the password again, or bring back the MAESTRO_ENCRYPTION_KEY it was stored with.');
      client = await signIn({ connectionString: access.connectionString, target, isPasswordWithheld, signal: within });
      return `Signed in to ${target.database} as ${target.user}.`;
    },
    async identity(within) {
      if (isOwnAddress(access.connectionString, ownDatabaseUrl)) throw own();
      const { rows } = await asked('what it is', connected().query<{ is_own: boolean; version: string }>(`select ${isOwnDatabase} as is_own, pg_catalog.current_setting('server_version') as version`), within);
      if (rows[0]?.is_own !== false) throw own();
      return `PostgreSQL ${rows[0].version.split(' ')[0]}; not Maestro's own database.`;
    },
    async rights(within) {
      const { detail, warnings: found } = await asked('the role\'s rights', judgeRights(connected()), within);
      warnings.push(...found);
      return detail;
    },
    async tables(within) {
      const { total: count, names } = await asked('its tables', listReadableTables(access, { maxTables: 1, maxColumns: 1 }, within), within);
      const missing = count > names.length ? [] : unmatched(access.readableTables, names);
      if (count > 0 && missing.length > 0) warnings.push(`No table the role may read is named ${missing.slice(0, 10).join(', ')}.`);
      if (count === 0) throw new StageError('NO_TABLES', access.readableTables === null ? `The role ${target.user} may read no table.` : 'None of the readable tables is there, or the role may not read them.', `Check the database's name and the list of readable tables, and grant the role what it is to read: GRANT USAGE ON SCHEMA public TO …; GRANT SELECT ON ALL TABLES IN SCHEMA public TO …;`);
      return `Agents may read ${count === 1 ? 'one table' : `${count} tables`}: ${names.slice(0, 5).join(', ')}${count > 5 ? ', …' : ''}.`;
    },
  };

  const stages: TestStage[] = [];
  let failure: StagedTest['failure'] = null;
  try {
    for (const stage of stageNames) {
      if (failure !== null) {
        stages.push({ stage, outcome: 'skipped', ms: null, detail: 'An earlier stage failed.' });
        continue;
      }
      const startedAt = performance.now();
      const ms = (): number => Math.round((performance.now() - startedAt) * 10) / 10;
      try {
        const result = await steps[stage](AbortSignal.any([signal, total, AbortSignal.timeout(timeouts[stage])]));
        signal.throwIfAborted();
        stages.push(result instanceof Skip ? { stage, outcome: 'skipped', ms: null, detail: result.detail } : { stage, outcome: 'passed', ms: ms(), detail: result });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof StageError)) throw error;
        const { code, cause, fix } = error.failure;
        failure = { stage, code, cause, fix };
        stages.push({ stage, outcome: 'failed', ms: ms(), detail: cause });
      }
    }
  } finally {
    socket?.destroy();
    // A server that hangs would not say good-bye either.
    (client as unknown as { connection: { stream: { destroy(): void } } } | undefined)?.connection.stream.destroy();
  }
  return { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, warnings };
}
