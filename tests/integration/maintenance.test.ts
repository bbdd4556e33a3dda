import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';
import { workflowBundlePath } from '../../scripts/build-workflow-bundle.ts';
import { ensureMaintenance } from '../../temporal/agent-runs.ts';
import { createTemporalClient } from '../../temporal/client.ts';
import { maintenanceWorkflowId, taskQueueOf } from '../../temporal/names.ts';
import { until } from '../support/until.ts';

test('a round that fails for good is not the last one', async () => {
  const { address } = inject('temporal');
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  let rounds = 0;
  const sweepRuns = async (): Promise<void> => {
    if (++rounds < 3) throw ApplicationFailure.nonRetryable('It is broken.', 'INTERNAL');
  };
  const connection = await NativeConnection.connect({ address });
  const client = createTemporalClient({ address, namespace: 'default' });
  try {
    const worker = await Worker.create({ connection, taskQueue: taskQueueOf('workflows', prefix), workflowBundle: { codePath: workflowBundlePath }, activities: { sweepRuns } });
    await worker.runUntil(async () => {
      await ensureMaintenance(client, prefix, { intervalMs: 10 });
      await until('further rounds', () => rounds > 4);
      const handle = client.workflow.getHandle(maintenanceWorkflowId(prefix));
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
    });
  } finally {
    await client.connection.close();
    await connection.close();
  }
});
