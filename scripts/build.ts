// `npm run build`: the web app into dist/web and the workflow bundle into dist/workflow-bundle.js. What did not change is left alone.
// `npm run build -- workflows` or `-- web` makes one of them.
import { rm, rename } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type BuildProduct, isBuilt, markBuilt, sourceHash } from './build-state.ts';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** Builds aside and swaps, so that an api that serves the old app never sees half of a new one. */
async function buildWeb(): Promise<void> {
  const { build } = await import('vite');
  const outDir = at(`dist/web-${process.pid}`);
  const old = `${outDir}-old`;
  try {
    await build({ configFile: at('web/vite.config.ts'), logLevel: 'warn', build: { outDir, emptyOutDir: true, reportCompressedSize: false, chunkSizeWarningLimit: 2_000 } });
    await rename(at('dist/web'), old).catch(() => undefined);
    await rename(outDir, at('dist/web'));
  } finally {
    await Promise.all([outDir, old].map((path) => rm(path, { recursive: true, force: true })));
  }
}

async function buildWorkflows(): Promise<void> {
  const { buildWorkflowBundle } = await import('./build-workflow-bundle.ts');
  await buildWorkflowBundle();
}

/** Builds what is missing or older than its sources. @param only default: everything. */
export async function build(log: (line: string) => void, only?: BuildProduct): Promise<void> {
  const steps: [BuildProduct, string, () => Promise<void>][] = [
    ['workflows', 'building the workflow bundle', buildWorkflows],
    ['web', 'building the web app', buildWeb],
  ];
  for (const [product, line, make] of steps) {
    if ((only !== undefined && only !== product) || (await isBuilt(product))) continue;
    log(line);
    const hash = await sourceHash(product);
    await make();
    markBuilt(product, hash);
  }
}

if (import.meta.main) {
  await build((line) => console.log(`· ${line}`), process.argv[2] as BuildProduct | undefined).catch((error: unknown) => {
    // What is wrong with a source is in the message; where the bundler was when it noticed helps nobody.
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
