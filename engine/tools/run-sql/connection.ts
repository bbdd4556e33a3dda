import { connect as connectSocket } from 'node:net';
import pg from 'pg';
import { AppError } from '../../../contracts/errors.ts';

/** How much one session with a data source may take. */
export interface SessionLimits {
  /** The server's own limit for one statement. */
  statementTimeoutMs: number;
  /** After this the connection is torn down: a server that cannot interrupt itself (PGlite) would hold the call for ever. */
  deadlineMs: number;
  /** Bytes the server may send before the connection is torn down: a row cap does not help against one huge value. */
  maxReceivedBytes: number;
  /** When the connection is lost to a query that has run this long, the query may be what ended the server: it is not repeated. */
  longQueryMs: number;
}

const connectTimeoutMs = 10_000;

type Connection = pg.Client & { processID?: number | null; secretKey?: number | null; connection: { stream: NodeJS.ReadableStream & { destroy(): void } } };

/** Asks the server, over a connection of its own, to stop what the other one runs. Best effort: PGlite ignores it. */
function requestCancel(client: Connection): void {
  const { processID, secretKey, host, port } = client;
  if (typeof processID !== 'number' || typeof secretKey !== 'number' || processID <= 0) return;
  const message = Buffer.alloc(16);
  message.writeInt32BE(16, 0);
  message.writeInt32BE(80_877_102, 4); // CancelRequest, https://www.postgresql.org/docs/18/protocol-message-formats.html
  message.writeInt32BE(processID, 8);
  message.writeInt32BE(secretKey, 12);
  const socket = host.startsWith('/') ? connectSocket(`${host}/.s.PGSQL.${port}`) : connectSocket(port, host);
  socket.setTimeout(5_000, () => socket.destroy());
  socket.once('error', () => socket.destroy());
  socket.once('connect', () => socket.end(message));
}

/**
 * Runs the work on a new connection that nobody had before and nobody gets afterwards, so that nothing a query leaves behind (settings,
 * locks, temporary tables) reaches another. It is torn down, whatever the work does, when time, bytes or the signal say so.
 */
export async function onConnection<T>(connectionString: string, limits: SessionLimits, signal: AbortSignal, work: (client: Connection) => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const client = new pg.Client({ connectionString, application_name: 'maestro run_sql', connectionTimeoutMillis: connectTimeoutMs, keepAlive: true }) as Connection;
  client.on('error', () => {}); // the query that was under way reports it
  let stopWith: (reason: unknown) => void = () => {};
  const stopped = new Promise<never>((_resolve, reject) => { stopWith = reject; });
  stopped.catch(() => {});
  let isTornDown = false;
  const tearDown = (reason: unknown): void => {
    isTornDown = true;
    stopWith(reason);
    requestCancel(client);
    client.connection.stream.destroy();
  };
  const timer = setTimeout(() => tearDown(new AppError('TOOL_TIMEOUT', `The query took longer than ${limits.deadlineMs / 1000} s and was stopped.`)), limits.deadlineMs);
  const onAbort = (): void => tearDown(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const connected = client.connect();
  let received = 0;
  client.connection.stream.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > limits.maxReceivedBytes) tearDown(new AppError('TOOL_REFUSED', `The result is larger than ${limits.maxReceivedBytes / 1_000_000} MB; select fewer or shorter columns.`));
  });
  try {
    const done = connected.then(() => work(client), (cause: Error & { code?: string }) => {
      // Whatever the server did not say itself means that it is not there: no route, no answer in time, another protocol.
      throw /^[0-9A-Z]{5}$/.test(cause.code ?? '') ? cause : new AppError('TOOL_UNAVAILABLE', 'The data source cannot be reached at the moment.', { cause });
    });
    done.catch(() => {});
    return await Promise.race([done, stopped]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    if (!isTornDown) await Promise.race([client.end().catch(() => {}), stopped.catch(() => {})]);
  }
}
