// A worker for the bare loop in a process of its own, with the worker settings of Maestro's.
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { taskQueueOf } from '../../temporal/names.ts';
import { bareActivities } from './activities.ts';

const [address, prefix] = process.argv.slice(2) as [string, string];
Runtime.install({ shutdownSignals: ['SIGTERM'], logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const workers = await Promise.all(
  (['workflows', 'models', 'tools'] as const).map((role) =>
    Worker.create({
      connection,
      taskQueue: taskQueueOf(role, prefix),
      activities: bareActivities,
      ...(role === 'workflows' ? { workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)), maxCachedWorkflows: 1_000 } : {}),
    }),
  ),
);
process.send?.('ready');
await Promise.all(workers.map((worker) => worker.run()));
await connection.close();
