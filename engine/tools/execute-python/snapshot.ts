import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, parse } from 'node:path';
import { readFileSync, realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../contracts/errors.ts';

const require = createRequire(import.meta.url);
const makeAllowanceMs = 180_000;
/** Bytes of the digest at the end of a memory image's file. */
export const digestBytes = 32;

/** Where the parts of the sandbox lie on this machine; all paths absolute and without symbolic links. */
export interface PythonRuntime {
  denoPath: string;
  pyodideDir: string;
  pyodideVersion: string;
  runnerDir: string;
}

/** Finds Deno, Pyodide and the runner files. Throws TOOL_UNAVAILABLE when a package is missing or has no binary for this machine. */
export const findPythonRuntime = (): PythonRuntime => {
  try {
    const pyodideDir = realpathSync(dirname(require.resolve('pyodide')));
    const { version } = require(join(pyodideDir, 'package.json')) as { version: string };
    const { runInstall } = require('deno/install_api.cjs') as { runInstall(): string };
    return {
      denoPath: realpathSync(runInstall()),
      pyodideDir,
      pyodideVersion: version,
      runnerDir: realpathSync(fileURLToPath(new URL('./runner', import.meta.url))),
    };
  } catch (cause) {
    throw new AppError('TOOL_UNAVAILABLE', 'Deno or Pyodide is not installed; run the project\'s install step again', { cause });
  }
};

/**
 * What every sandbox process is started with. No permission but reading the runtime and `readable`, given up before a program runs;
 * no prompt, no download, no configuration; nothing is compiled from text (`eval`, `import()`); an unusable DENO_DIR, since Deno's Cache
 * API would otherwise write to disk without asking for any permission. The main module is handed over as text: its address would
 * tell the program where Maestro lies.
 */
export const denoLaunch = ({ pyodideDir, runnerDir }: PythonRuntime, readable: readonly string[], v8Flags: readonly string[] = []): { args: string[]; env: Record<string, string> } => ({
  args: [
    'run', '--quiet', '--no-prompt', '--no-remote', '--no-npm', '--no-config', '--no-lock', '--no-code-cache',
    `--v8-flags=${['--disallow-code-generation-from-strings', ...v8Flags].join(',')}`,
    ...[pyodideDir, runnerDir, ...readable].map((path) => `--allow-read=${path.replaceAll(',', ',,')}`),
    `data:text/javascript;base64,${readFileSync(join(runnerDir, 'main.mjs')).toString('base64')}`,
  ],
  env: { DENO_DIR: '/dev/null/none', DENO_NO_UPDATE_CHECK: '1', NO_COLOR: '1' },
});

/** File name of the memory image for this runtime: another Pyodide version, driver or way to start it is another file. */
const snapshotName = async ({ pyodideVersion, runnerDir }: PythonRuntime): Promise<string> => {
  const hash = createHash('sha256').update(pyodideVersion);
  for (const file of ['driver.py', 'worker.mjs']) hash.update(await readFile(join(runnerDir, file)));
  return `pyodide-${pyodideVersion}-${hash.digest('hex').slice(0, 12)}.snapshot`;
};

const digest = (image: Buffer): Buffer => createHash('sha256').update(image).digest();

/** The file is the image followed by its SHA-256: a cut or altered one is seen before Python is started from it. */
const isSound = async (path: string): Promise<boolean> => {
  const file = await readFile(path).catch(() => undefined);
  if (file === undefined || file.length <= digestBytes) return false;
  return digest(file.subarray(0, -digestBytes)).equals(file.subarray(-digestBytes));
};

const makeImage = async (runtime: PythonRuntime): Promise<Buffer> => {
  const { pyodideDir, runnerDir } = runtime;
  const { args, env } = denoLaunch(runtime, []);
  const child = spawn(runtime.denoPath, args, { cwd: parse(runnerDir).root, env, stdio: 'pipe', timeout: makeAllowanceMs, killSignal: 'SIGKILL' });
  child.stdin.on('error', () => {}); // a process that died early: its exit tells the same
  child.stdin.write(`${JSON.stringify({ nonce: '', pyodideDir, runnerDir, lockFile: join(pyodideDir, 'pyodide-lock.json'), snapshotFile: null, digestBytes })}\n`);
  const image: Buffer[] = [];
  let complaint = '';
  child.stdout.on('data', (chunk: Buffer) => image.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => { complaint = (complaint + chunk.toString()).slice(-2_000); });
  const exit = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code === 0 ? 'ok' : `exit ${code ?? signal}`));
  });
  if (exit !== 'ok') throw new Error(`${exit}: ${complaint}`);
  return Buffer.concat(image);
};

/**
 * Gives the path of a sound memory image of a freshly started Python, making it first where it is missing or damaged
 * (about 6 s, 31 MB). The file appears whole by rename, so creators in other processes cannot get in each other's way.
 * Throws TOOL_UNAVAILABLE when it cannot be made.
 */
export const ensureSnapshot = async (runtime: PythonRuntime, cacheDir: string): Promise<string> => {
  try {
    const path = join(cacheDir, await snapshotName(runtime));
    if (await isSound(path)) return path;
    await mkdir(cacheDir, { recursive: true });
    const image = await makeImage(runtime);
    const draft = `${path}.${randomUUID()}.tmp`;
    try {
      await writeFile(draft, Buffer.concat([image, digest(image)]), { flush: true });
      await rename(draft, path);
    } finally {
      await rm(draft, { force: true });
    }
    return path;
  } catch (cause) {
    throw new AppError('TOOL_UNAVAILABLE', `The Python sandbox's memory image could not be made in ${cacheDir}`, { cause });
  }
};
