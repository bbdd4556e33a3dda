import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startPglite } from '../embedded/pglite/start-pglite.ts';

test('a server that is killed while a transaction is open rejects its next statement and does not end the process', async () => {
  const server = await startPglite({ dataDir: 'memory://', port: 0, content: 'maestro' });
  const program = `
    import { sql } from 'kysely';
    import { createDatabase } from ${JSON.stringify(new URL('./connect.ts', import.meta.url).href)};
    const db = createDatabase({ connectionString: ${JSON.stringify(server.connectionString)} });
    const failure = await db.transaction().execute(async (trx) => {
      await sql\`select 1\`.execute(trx);
      process.kill(${server.pid}, 'SIGKILL');
      for (;;) await sql\`select 1\`.execute(trx);
    }).catch((error) => error);
    await new Promise((resolve) => setImmediate(resolve));
    console.log('still here', failure instanceof Error);
    await db.destroy();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], { cwd: new URL('..', import.meta.url).pathname });
  expect(stdout.trim()).toBe('still here true');
  await server.exited;
});
