// A PGlite database behind its socket server, as a process of its own: started by start-pglite.ts, ends when its parent does.
import { mkdir, rm } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { keepBatchesTogether } from '../../db/keep-batches-together.ts';
import { seedTickets } from '../demo-data/schema.ts';
import { waitForDirectoryLock } from '../directory-lock.ts';

const [dataDir, portText, content] = process.argv.slice(2) as [string, string, 'maestro' | 'tickets'];
/** How long a process of an earlier start, that was killed, may take to let go of the data. */
const lockWaitMs = 20_000;

// A memory:// database lives as long as the process.
if (!dataDir.startsWith('memory://')) {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // PGlite does not keep a second process off its files, and two on one directory destroy it.
  await waitForDirectoryLock(dataDir, lockWaitMs);
  // What a query had on disk when its process was killed: a server's postmaster clears it away at the next start, PGlite has none.
  await rm(`${dataDir}/data/base/pgsql_tmp`, { recursive: true, force: true });
}
const pglite = await PGlite.create(dataDir.startsWith('memory://') ? dataDir : `${dataDir}/data`, { extensions: content === 'maestro' ? { vector } : {} });
if (content === 'tickets') await seedTickets(pglite);
const server = new PGLiteSocketServer({ db: keepBatchesTogether(pglite), port: Number(portText), host: '127.0.0.1', maxConnections: 200 });
await server.start();

let isStopping = false;
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  // Whatever still hangs on the socket must not keep the data from being closed properly.
  setTimeout(() => process.exit(1), 8_000).unref();
  await server.stop();
  await pglite.close();
  process.exit(0);
}
process.on('SIGTERM', () => void stop());
process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the parent stops its children in order.
process.on('disconnect', () => void stop());
process.send?.({ port: Number(server.getServerConn().split(':').at(-1)) });
