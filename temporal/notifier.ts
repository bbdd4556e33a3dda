import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { Notifier } from '../engine/notices/notifier.ts';
import { wakeNoticesSignal } from '../workflows/notices/messages.ts';
import { noticesWorkflowId, noticesWorkflowType, taskQueueOf } from './names.ts';

/** Of one process: each signal is an event in the workflow's history, and one is as good as ten. */
const atMostEveryMs = 500;

/**
 * Wakes the workflow that delivers what is queued, by a signal that starts it where it does not run. Nobody waits for Temporal: the first
 * call sends at once, those that follow within {@link atMostEveryMs} are one signal at its end, and one that fails is made up for by the sweeper.
 */
export function createNotifier(client: Pick<Client, 'workflow'>, options: { taskQueuePrefix: string }): Notifier {
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  const send = (): void => {
    isAsked = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) send();
    }, atMostEveryMs);
    // A process that stops need not wait for it.
    timer.unref();
    client.workflow
      .signalWithStart(noticesWorkflowType, {
        workflowId: noticesWorkflowId(options.taskQueuePrefix),
        taskQueue: taskQueueOf('workflows', options.taskQueuePrefix),
        args: [], signal: wakeNoticesSignal, signalArgs: [],
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        staticSummary: 'Delivers notices of approvals',
      })
      .catch(() => undefined);
  };
  return {
    async wake() {
      if (timer === undefined) send();
      else isAsked = true;
    },
  };
}
