import type { TestProject } from 'vitest/node';
import { findTemporalBinary } from '../../embedded/temporal-binary.ts';
import { startTemporalServer } from '../../embedded/temporal-server.ts';
import { buildWorkflowBundle } from '../../scripts/build-workflow-bundle.ts';
import { freePort } from './product.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporal: { address: string; binary: string };
  }
}

/** One Temporal server for all files of a run; each stack has task queues of its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const binary = await findTemporalBinary(console.log);
  await buildWorkflowBundle();
  const server = await startTemporalServer({ binary, port: await freePort() });
  project.provide('temporal', { address: server.address, binary });
  return () => server.stop();
}
