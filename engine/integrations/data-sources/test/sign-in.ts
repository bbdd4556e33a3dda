import pg from 'pg';
import { systemCodeOf } from '../../../../platform/system-code.ts';
import { untilAborted } from '../../../../platform/until-aborted.ts';
import { StageError } from '../../stages/stage-error.ts';
import { placeNameOf, type ServerTarget } from './server-target.ts';

/** Milliseconds one question to the catalogue may take. */
const questionMs = 8_000;

/** Why a server let nobody in, in words of our own: messages of drivers and servers may repeat what is secret. */
function explain(error: unknown, target: ServerTarget, isPasswordWithheld: boolean): StageError {
  const { user, database } = target;
  const { code, message } = error as { code?: string; message?: string };
  const at = placeNameOf(target);
  if (isPasswordWithheld && (code === '28P01' || /password/i.test(message ?? ''))) {
    return new StageError('PASSWORD_WITHHELD', 'The server asks for a password. The stored one was not used, because host, port, role or database are others than it is kept for.', 'Enter the password again.');
  }
  if (code === '28P01' && target.hasPassword) return new StageError('WRONG_PASSWORD', `The server refused the password of the role ${user}.`, `Enter the password again, or set a new one: ALTER ROLE ${pg.escapeIdentifier(user)} PASSWORD '…';`);
  if (code === '28P01' || /password must be a/.test(message ?? '')) return new StageError('PASSWORD_MISSING', `The server asks for the password of the role ${user}, and none is given.`, 'Enter the password.');
  if (code === '28000' && /pg_hba\.conf/.test(message ?? '')) {
    return new StageError('NOT_ADMITTED', `The server admits no connection of ${user} to ${database} from here (pg_hba.conf).`, `${target.sslMode === undefined ? 'It may admit encrypted ones only: add ?sslmode=verify-full to the address. Else a' : 'A'}dd a line for this role, database and host to its pg_hba.conf.`);
  }
  if (code === '28000') return new StageError('ROLE_NOT_FOUND', `There is no role ${user} that may sign in.`, 'Check the role in the address. A role to sign in with is made by CREATE ROLE … LOGIN.');
  if (code === '3D000') return new StageError('DATABASE_NOT_FOUND', `There is no database named ${database}.`, 'Check the name after the last slash of the address.');
  if (code === '42501') return new StageError('CONNECT_DENIED', `The role ${user} may not connect to ${database}.`, `GRANT CONNECT ON DATABASE ${pg.escapeIdentifier(database)} TO ${pg.escapeIdentifier(user)};`);
  if (code === '53300') return new StageError('TOO_MANY_CONNECTIONS', 'The server has no connection left.', 'Raise its max_connections or the role\'s CONNECTION LIMIT, or close others.');
  if (code === '57P03') return new StageError('STARTING', 'The server is starting, stopping or recovering.', 'Wait a moment and test again.');
  const systemCode = systemCodeOf(error);
  if (/does not support SSL/i.test(message ?? '')) return new StageError('TLS_NOT_OFFERED', `${at} does not offer TLS.`, 'Turn on ssl at the server; only on a network that is your own, write sslmode=disable.');
  if (systemCode !== undefined && /CERT|TLS|SSL|SIGNATURE/.test(systemCode)) return new StageError('TLS_FAILED', `TLS with ${at} failed (${systemCode}).`, 'Give api and worker the certificate\'s authority with NODE_EXTRA_CA_CERTS, or use a certificate of a public authority.');
  if (/^[0-9A-Z]{5}$/.test(code ?? '')) return new StageError('SIGN_IN_FAILED', `The server refused the sign-in (${code}).`, 'Look up the code in PostgreSQL\'s documentation, and at the server\'s log.');
  return new StageError('NOT_POSTGRES', `What listens at ${at} does not answer as PostgreSQL does.`, 'Check the port: something else listens there.');
}

/** Ends a connection at once: a server that hangs would not say good-bye either. */
export const hangUp = (client: pg.Client): void => (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();

/** A signed-in connection; the caller hangs up. Throws StageError. */
export async function signIn({ connectionString, target, isPasswordWithheld, signal }: { connectionString: string; target: ServerTarget; isPasswordWithheld: boolean; signal: AbortSignal }): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'maestro test', query_timeout: questionMs });
  client.on('error', () => undefined); // What it was asked reports it.
  try {
    await untilAborted(client.connect(), signal);
    return client;
  } catch (error) {
    hangUp(client);
    if (signal.aborted) throw new StageError('SIGN_IN_TIMEOUT', `${placeNameOf(target)} took the connection but did not answer in time.`, 'Check that PostgreSQL listens at this port and is not overloaded; a proxy between may take connections for a server that is down.');
    throw explain(error, target, isPasswordWithheld);
  }
}
