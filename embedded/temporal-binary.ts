import { execFile, spawn } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The Temporal CLI (with its dev server) that is built where none is found; pinned, so that everybody gets the same. */
export const temporalCliVersion = '1.5.1';
const goModule = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`;

const isExecutable = (path: string): Promise<boolean> => access(path, constants.X_OK).then(() => true, () => false);
const cacheDirOf = (env: NodeJS.ProcessEnv): string => join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'maestro', `temporal-${temporalCliVersion}`);

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

/** Lets the Temporal SDK fetch its official dev server, and tells where it put it. */
async function download(cacheDir: string): Promise<string> {
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable: { type: 'cached-download', version: 'default', downloadDir: cacheDir } } });
  await environment.teardown();
  const { readdir } = await import('node:fs/promises');
  const name = (await readdir(cacheDir)).find((file) => file.startsWith('temporal'));
  if (name === undefined) throw new Error('the download left no program behind');
  return join(cacheDir, name);
}

/** Builds the CLI from the Go module proxy; about four minutes once on two cores. */
async function buildWithGo(go: string, target: string, log: (line: string) => void): Promise<void> {
  log(`building the Temporal dev server with Go (${goModule}); about 4 minutes, once`);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(go, ['install', goModule], { env: { ...process.env, GOBIN: target }, stdio: ['ignore', 'ignore', 'pipe'] });
    const startedAt = Date.now();
    const ticking = setInterval(() => log(`still building (${Math.round((Date.now() - startedAt) / 1000)} s)`), 20_000);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2_000)));
    child.once('error', reject);
    child.once('exit', (code) => {
      clearInterval(ticking);
      if (code === 0) resolve();
      else reject(new Error(said.trim().split('\n').at(-1) ?? `go ended with ${code}`));
    });
  });
}

const reasonOf = (error: unknown): string => (error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)).slice(0, 200);

/**
 * Finds or makes the `temporal` program: TEMPORAL_BIN → PATH → cache → official download → Go.
 * @throws Error whose message lists what was tried and what to do.
 */
export async function findTemporalBinary(log: (line: string) => void = () => {}, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const named = env['TEMPORAL_BIN'];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new Error(`TEMPORAL_BIN is ${named}, which is not a program that can be run.`);
  }
  const onPath = await findOnPath('temporal', env);
  if (onPath !== undefined) return onPath;
  const cacheDir = cacheDirOf(env);
  const cached = join(cacheDir, process.platform === 'win32' ? 'temporal.exe' : 'temporal');
  if (await isExecutable(cached)) return cached;

  await mkdir(cacheDir, { recursive: true });
  const tried = ['TEMPORAL_BIN is not set', 'no "temporal" on the PATH', `nothing in ${cacheDir}`];
  log('fetching the Temporal dev server, once');
  try {
    return await download(cacheDir);
  } catch (error) {
    tried.push(`the official download failed (${reasonOf(error)})`);
  }
  const go = (await findOnPath('go', env)) ?? ((await isExecutable('/usr/local/go/bin/go')) ? '/usr/local/go/bin/go' : undefined);
  if (go === undefined) tried.push('Go is not installed, so it cannot be built either');
  else {
    try {
      await buildWithGo(go, cacheDir, log);
      await run(cached, ['--version']);
      return cached;
    } catch (error) {
      tried.push(`building it with Go failed (${reasonOf(error)})`);
    }
  }
  throw new Error(
    `The Temporal dev server was not found:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Install the Temporal CLI (https://docs.temporal.io/cli) or set TEMPORAL_BIN to it, or set TEMPORAL_ADDRESS to a running Temporal Service.',
  );
}
