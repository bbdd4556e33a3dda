// The whole product as its user starts it: one command, an empty data dir, nothing configured.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess, type TestProcess, unlessEnded } from './process.ts';
import { until } from './until.ts';

export interface Product {
  url: string;
  dataDir: string;
  /** The one-time link it printed. */
  signInLink: string;
  adminEmail: string;
  adminPassword: string;
  process: TestProcess;
  /** Ctrl-C; the data stays. Returns the exit code. */
  stop(): Promise<number | null>;
  remove(): Promise<void>;
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

/** Starts `npm start`'s own script and waits until it says that it is ready. A data dir of an earlier start may be given. */
export async function startProduct(options: { dataDir?: string; port?: number; env?: Record<string, string> } = {}): Promise<Product> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'maestro-product-')));
  const port = options.port ?? (await freePort());
  const started = startProcess('embedded/start.ts', {
    PORT: String(port), TEMPORAL_UI_PORT: String(await freePort()), MAESTRO_DATA_DIR: dataDir, LOG_LEVEL: 'info', ...options.env,
    ...(process.env['TEMPORAL_BIN'] === undefined ? {} : { TEMPORAL_BIN: process.env['TEMPORAL_BIN'] }),
  });
  const url = `http://127.0.0.1:${port}`;
  const said = await unlessEnded(started, until('the product to be ready', () => {
    const link = /https?:\/\/\S+\/sign-in\?token=\S+/.exec(started.output())?.[0];
    return link === undefined ? undefined : { link, output: started.output() };
  }, { timeoutMs: 240_000 }));
  return {
    url,
    dataDir,
    signInLink: said.link,
    adminEmail: /\S+@\S+/.exec(said.output.slice(said.output.indexOf('/sign-in?token=')))?.[0] ?? '',
    adminPassword: /password\W+(\S+)/i.exec(said.output)?.[1] ?? '',
    process: started,
    stop: () => started.stop(),
    async remove() {
      await started.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
