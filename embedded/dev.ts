// `npm run dev`: `npm start` with hot reload. Vite serves the web app; api and worker start again when their sources change, the workflow
// bundle is built anew first where that is why. (`node --watch` would not know of the bundle, nor when the supervisor has gone.)
import process from 'node:process';
import { watch } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { startNodeProcess } from './managed-process.ts';
import { startMaestro } from './maestro.ts';
import { runUntilStopped } from './run-until-stopped.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
/** Editors write a file in several steps, and formatters right after. */
const quietMs = 200;
const print = (line: string): void => console.log(`· ${line}`);

const restartsOf = {
  api: { folders: ['api', 'engine', 'db', 'platform', 'contracts', 'temporal'], bundle: false },
  worker: { folders: ['activities', 'workflows', 'engine', 'db', 'platform', 'contracts', 'temporal', 'worker.ts'], bundle: true },
} as const;

async function buildBundle(): Promise<boolean> {
  const child = startNodeProcess({ script: 'scripts/build.ts', args: ['workflows'], endsWithParent: true });
  const isBuilt = (await child.exited) === 'exit code 0';
  if (!isBuilt) print(`the workflow bundle failed; the worker keeps the old one\n${child.lastWords()}`);
  return isBuilt;
}

await runUntilStopped(async (signal) => {
  const maestro = await startMaestro({ log: print, signal, web: 'dev' });
  for (const [part, { folders, bundle }] of Object.entries(restartsOf) as ['api' | 'worker', { folders: readonly string[]; bundle: boolean }][]) {
    let timer: NodeJS.Timeout | undefined;
    let last = Promise.resolve();
    const restart = async (path: string): Promise<void> => {
      if (signal.aborted || (bundle && !(await buildBundle()))) return;
      print(`${path} changed, ${part} starts again`);
      await maestro.restart(part);
    };
    const onChange = (folder: string, name: string | null): void => {
      if (name !== null && (!/\.(ts|json|py|txt|mjs)$/.test(name) || /\.(test|cases)\.ts$|\.gen\.ts$/.test(name))) return;
      clearTimeout(timer);
      timer = setTimeout(() => {
        last = last.then(() => restart(name === null ? folder : `${folder}/${name}`)).catch((error: unknown) => console.error(error));
      }, quietMs);
    };
    for (const folder of folders) {
      const watcher = watch(at(folder), { recursive: !folder.endsWith('.ts') }, (_type, name) => onChange(folder, name));
      signal.addEventListener('abort', () => watcher.close(), { once: true });
    }
  }
  console.log(`\nMaestro is ready, with hot reload.\n\n  Web app      ${maestro.url}\n  Sign in      ${maestro.signInLink}\n  or as        ${maestro.adminEmail}\n  password     ${maestro.adminPassword ?? 'the one you chose'}\n  Temporal UI  ${maestro.temporalUiUrl ?? 'not known'}\n`);
  return maestro;
});
process.exit(0);
