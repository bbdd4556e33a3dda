import type { Socket } from 'node:net';
import { findAddress, openConnection, secureConnection, type Target } from '../../stages/reach.ts';
import { StageError } from '../../stages/stage-error.ts';

/** Where a connection string leads, and as whom. */
export interface ServerTarget extends Target {
  user: string;
  database: string;
  hasPassword: boolean;
  /** Undefined: not encrypted. */
  sslMode: string | undefined;
  /** The configuration gives a certificate authority of its own. */
  hasOwnAuthority: boolean;
}

export function toServerTarget(connectionString: string): ServerTarget {
  const { hostname, port, username, password, pathname, searchParams } = new URL(connectionString);
  const mode = searchParams.get('sslmode') ?? undefined;
  return {
    host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 5_432 : Number(port), isHttps: false, user: decodeURIComponent(username), database: decodeURIComponent(pathname.slice(1)),
    hasPassword: password !== '' || searchParams.has('password'), sslMode: mode === 'disable' ? undefined : mode, hasOwnAuthority: searchParams.has('sslrootcert'),
  };
}

export const placeNameOf = ({ host, port }: Target): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** What to do about it, where the words for servers of models would mislead. */
const fixes: Readonly<Record<string, string>> = {
  HOST_NOT_FOUND: 'Check the spelling of the host, and whether the machine Maestro runs on can look it up.',
  PORT_CLOSED: 'Check host and port (PostgreSQL\'s own is 5432), that the server runs, and that its listen_addresses include this host. In a container, localhost is the container itself.',
  HOST_UNREACHABLE: 'Check that the machine Maestro runs on may reach that network.',
  CONNECT_TIMEOUT: 'Check host and port, and whether a firewall lies between.',
  CONNECT_FAILED: 'Check host and port.',
  TLS_TIMEOUT: 'Check the port, and whether something between (a firewall, a proxy) holds TLS back.',
  TLS_NOT_SPOKEN: 'Turn on ssl at the server; only on a network that is your own, write sslmode=disable.',
  TLS_FAILED: 'Look at the TLS settings of the server, and at what lies between.',
};

async function inOurWords<Value>(stage: Promise<Value>): Promise<Value> {
  try {
    return await stage;
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const { code, cause, fix } = error.failure;
    throw new StageError(code, cause, fixes[code] ?? fix);
  }
}

export const lookUp = (target: ServerTarget, signal: AbortSignal): Promise<string> => inOurWords(findAddress(target, signal));
export const open = (target: ServerTarget, signal: AbortSignal): Promise<Socket> => inOurWords(openConnection(target, signal));

/** Asks a PostgreSQL server for TLS; its answer is one letter. @see https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-SSL */
function askForTls(socket: Socket, target: ServerTarget, signal: AbortSignal): Promise<string> {
  const request = Buffer.alloc(8);
  request.writeInt32BE(8, 0);
  request.writeInt32BE(80_877_103, 4);
  return new Promise((resolve, reject) => {
    const noAnswer = (): void => reject(new StageError('TLS_TIMEOUT', `${placeNameOf(target)} takes connections but did not answer the question for TLS in time.`, fixes['TLS_TIMEOUT'] ?? ''));
    signal.addEventListener('abort', noAnswer, { once: true });
    socket.once('close', () => reject(new StageError('NOT_POSTGRES', `${placeNameOf(target)} hung up when asked for TLS.`, 'Check the port: something else than PostgreSQL may listen there.')));
    // Exactly this byte is read: what follows is the handshake's.
    socket.once('readable', () => resolve((socket.read(1) as Buffer | null)?.toString('latin1') ?? ''));
    socket.write(request);
  });
}

/** Sets up TLS as pg will, and checks the certificate; says what was agreed on. */
export async function secure(socket: Socket, target: ServerTarget, signal: AbortSignal): Promise<string> {
  const answer = await askForTls(socket, target, signal);
  if (answer === 'N') throw new StageError('TLS_NOT_OFFERED', `${placeNameOf(target)} does not offer TLS.`, 'Turn on ssl at the server; only on a network that is your own, write sslmode=disable.');
  if (answer !== 'S') throw new StageError('NOT_POSTGRES', `${placeNameOf(target)} does not answer as PostgreSQL does.`, 'Check the port: something else listens there.');
  return inOurWords(secureConnection(socket, target, signal));
}
