import { execFile, spawn } from 'node:child_process';
import { access, constants, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { StartError } from './start-error.ts';

const run = promisify(execFile);

/** The Temporal CLI (with its dev server) that is fetched or built where none is found; pinned, so that everybody gets the same. */
export const temporalCliVersion = '1.5.1';
const goModule = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`;
const programName = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
/** Where the SDK downloads from; asked first, so that a machine without access finds out in seconds. */
const downloadOrigin = 'https://temporal.download/';
const reachableMs = 5_000;
const downloadMs = 180_000;

type Log = (line: string) => void;
/** Puts the program into `folder` (made for this) and returns its path. */
type Source = (folder: string, log: Log, env: NodeJS.ProcessEnv) => Promise<string>;

const isExecutable = (path: string): Promise<boolean> => access(path, constants.X_OK).then(() => true, () => false);
const cacheHome = (env: NodeJS.ProcessEnv): string => (env['XDG_CACHE_HOME'] === undefined || env['XDG_CACHE_HOME'] === '' ? join(homedir(), '.cache') : env['XDG_CACHE_HOME']);

async function findOnPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) return path;
  }
  return undefined;
}

/** The official download, by the Temporal SDK. */
const download: Source = async (folder, log) => {
  await fetch(downloadOrigin, { method: 'HEAD', signal: AbortSignal.timeout(reachableMs) }).catch(() => {
    throw new Error(`${new URL(downloadOrigin).host} cannot be reached`);
  });
  log('downloading the Temporal dev server, once');
  await run(process.execPath, [fileURLToPath(new URL('./download-temporal.ts', import.meta.url)), folder, `v${temporalCliVersion}`], { timeout: downloadMs, killSignal: 'SIGKILL' });
  const name = (await readdir(folder)).find((file) => file.startsWith('temporal'));
  if (name === undefined) throw new Error('the download left no program behind');
  return join(folder, name);
};

/** Builds the CLI from its Go module; about four minutes once on two cores. */
const buildWithGo: Source = async (folder, log, env) => {
  const go = (await findOnPath('go', env)) ?? ((await isExecutable('/usr/local/go/bin/go')) ? '/usr/local/go/bin/go' : undefined);
  if (go === undefined) throw new Error('Go is not installed');
  log(`building the Temporal dev server with Go (${goModule}), which takes about 4 minutes, once`);
  await new Promise<void>((resolve, reject) => {
    const child = spawn(go, ['install', goModule], { env: { ...env, GOBIN: folder }, stdio: ['ignore', 'ignore', 'pipe'] });
    const endIt = (): void => void child.kill();
    process.once('exit', endIt);
    const startedAt = Date.now();
    const ticking = setInterval(() => log(`still building (${Math.round((Date.now() - startedAt) / 1000)} s)`), 20_000);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-2_000);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      clearInterval(ticking);
      process.removeListener('exit', endIt);
      if (code === 0) resolve();
      else reject(new Error(said.trim().split('\n').at(-1) || `go ended with ${code}`));
    });
  });
  return join(folder, programName);
};

const reasonOf = (error: unknown): string => {
  if ((error as { killed?: boolean }).killed === true) return `not done within ${downloadMs / 1000} s`;
  const text = error instanceof Error ? ((error as { stderr?: string }).stderr || error.message) : String(error);
  return (text.split('\n').find((line) => /error/i.test(line)) ?? text.split('\n')[0] ?? '').trim().slice(0, 200);
};

/** The ways to get the program when it is not there, in their order. */
export const temporalSources: readonly [name: string, source: Source][] = [['the official download', download], ['building it with Go', buildWithGo]];

/**
 * Finds or makes the `temporal` program: TEMPORAL_BIN → PATH → cache → official download → Go.
 * @throws StartError whose message lists what was tried and what to do.
 */
export async function findTemporalBinary(log: Log = () => {}, env: NodeJS.ProcessEnv = process.env, sources = temporalSources): Promise<string> {
  const named = env['TEMPORAL_BIN'];
  if (named !== undefined && named !== '') {
    if (await isExecutable(named)) return named;
    throw new StartError(`TEMPORAL_BIN is ${named}, which is not a program that can be run.`);
  }
  const onPath = await findOnPath(programName, env);
  if (onPath !== undefined) return onPath;
  const cacheDir = join(cacheHome(env), 'maestro', `temporal-${temporalCliVersion}`);
  const cached = join(cacheDir, programName);
  if (await isExecutable(cached)) return cached;

  const tried = ['TEMPORAL_BIN is not set', 'there is no "temporal" on the PATH', `there is nothing in ${cacheDir}`];
  await mkdir(cacheDir, { recursive: true });
  for (const [name, source] of sources) {
    // Made aside and moved in whole: another start may be looking into the cache meanwhile.
    const folder = await mkdtemp(join(cacheDir, 'new-'));
    try {
      const made = await source(folder, log, env);
      await run(made, ['--version']);
      await rename(made, cached);
      return cached;
    } catch (error) {
      tried.push(`${name} failed: ${reasonOf(error)}`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  throw new StartError(
    `The Temporal dev server was not found:\n${tried.map((line) => `  - ${line}`).join('\n')}\n` +
      'Install the Temporal CLI (https://docs.temporal.io/cli) or set TEMPORAL_BIN to it, or set TEMPORAL_ADDRESS to a running Temporal Service.',
  );
}
