import type { Socket } from 'node:net';
import type pg from 'pg';
import { AppError } from '../../../../contracts/errors.ts';
import type { StagedTest } from '../../../../contracts/staged-tests.ts';
import { untilAborted } from '../../../../platform/until-aborted.ts';
import { type DataSourceAccess, isOwnAddress, isOwnDatabase, listReadableTables } from '../../../tools/index.ts';
import { runStages, Skip, type StageStep } from '../../stages/run-stages.ts';
import { StageError } from '../../stages/stage-error.ts';
import { judgeRights } from './judge-rights.ts';
import { lookUp, open, placeNameOf, secure, toServerTarget } from './server-target.ts';
import { hangUp, signIn } from './sign-in.ts';

type StageName = 'address' | 'connect' | 'tls' | 'sign_in' | 'identity' | 'rights' | 'tables';

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

const own = (): StageError => new StageError('OWN_DATABASE', 'This is Maestro\'s own database, which agents never read.', 'Name another database.');
const isLoopback = (host: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** The answer, or a StageError when it takes too long or the server gives an error. */
async function asked<Value>(what: string, answer: Promise<Value>, signal: AbortSignal): Promise<Value> {
  try {
    return await untilAborted(answer, signal);
  } catch (error) {
    if (signal.aborted) throw new StageError('NO_ANSWER', `The server did not answer in time when asked for ${what}.`, 'It may be overloaded, or a proxy between holds answers back; test again in a moment.');
    if (error instanceof AppError) throw new StageError(error.code, error.message, 'Agents would get the same; look at the server and at what the role may do.');
    throw new StageError('CATALOGUE_UNREADABLE', `The server gave an error when asked for ${what}${/^[0-9A-Z]{5}$/.test((error as { code?: string }).code ?? '') ? ` (${(error as { code: string }).code})` : ''}.`, 'Check that it is PostgreSQL 14 or later, and look at its log.');
  }
}

const unmatched = (patterns: readonly string[] | null, names: readonly string[]): string[] =>
  (patterns ?? []).filter((pattern) => {
    const [schema, table] = pattern.includes('.') ? pattern.split('.') : ['public', pattern];
    return !names.some((name) => (table === '*' ? (schema === 'public' ? !name.includes('.') : name.startsWith(`${schema}.`)) : name === (schema === 'public' ? table : pattern)));
  });

function toFailure(error: unknown): { code: string; cause: string; fix: string } | undefined {
  if (!(error instanceof StageError)) return undefined;
  const { code, cause, fix } = error.failure;
  return { code, cause, fix };
}

/**
 * Tries a data source from the outside in: name, port, TLS, role and password, whose database it is, what the role may do, and what agents
 * would see, read the way they read it. The first failure ends it with a plain cause and a likely fix; what comes after is skipped.
 * Throws only what aborts it.
 */
export async function runDataSourceStages({ access, ownDatabaseUrl, isPasswordWithheld = false, signal, timeouts = defaultTimeouts }: DataSourceStages): Promise<StagedTest> {
  const target = toServerTarget(access.connectionString);
  const warnings: string[] = [];
  let socket: Socket | undefined;
  let client: pg.Client | undefined;
  const connected = (): pg.Client => client as pg.Client;
  const steps: Record<StageName, StageStep> = {
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

  try {
    const { stages, failure } = await runStages(steps, { signal, timeouts, toFailure });
    return { passed: failure === null, tested_at: new Date().toISOString(), stages, failure, warnings };
  } finally {
    socket?.destroy();
    if (client !== undefined) hangUp(client);
  }
}
