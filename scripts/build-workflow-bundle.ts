import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

export const workflowBundlePath = fileURLToPath(new URL('../dist/workflow-bundle.js', import.meta.url));

/**
 * Bundles the workflows for Temporal's sandbox into `dist/workflow-bundle.js`. A transitive import of a Node built-in fails here and
 * not in a worker.
 */
export async function buildWorkflowBundle(): Promise<void> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../workflows/index.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR', ({ message }) => console.error(message)),
  });
  await mkdir(dirname(workflowBundlePath), { recursive: true });
  // Swapped in whole: a worker that starts meanwhile reads the old one or the new one.
  const aside = `${workflowBundlePath}.${process.pid}`;
  await writeFile(aside, code);
  await rename(aside, workflowBundlePath);
}
