import { type Client, WorkflowIdConflictPolicy } from '@temporalio/client';
import type { Notifier } from '../engine/notices/notifier.ts';
import { wakeNoticesSignal } from '../workflows/notices/messages.ts';
import { noticesWorkflowId, noticesWorkflowType, taskQueueOf } from './names.ts';

/** Of one process: each signal is an event in the workflow's history, and one is as good as ten. */
const atMostEveryMs = 500;
/** The run that goes on after a decision is not held up by the notices of it, which nobody reads in the same moment. */
const behindMs = 250;

/**
 * Wakes the workflow that delivers what is queued, by a signal that starts it where it does not run. Nobody waits for Temporal: the first
 * call sends {@link behindMs} later, those that follow within {@link atMostEveryMs} of that are one signal at its end, and one that fails, or whose
 * process ends before, is made up for by the sweeper.
 */
export function createNotifier(client: Pick<Client, 'workflow'>, options: { taskQueuePrefix: string }): Notifier {
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  const waitToSend = (delayMs: number): void => {
    timer = setTimeout(() => {
      timer = undefined;
      if (isAsked) send();
    }, delayMs);
    // A process that stops need not wait for it.
    timer.unref();
  };
  const send = (): void => {
    isAsked = false;
    waitToSend(atMostEveryMs);
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
      isAsked = true;
      if (timer === undefined) waitToSend(behindMs);
    },
  };
}
