import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowIdConflictPolicy, WorkflowIdReusePolicy, WorkflowNotFoundError } from '@temporalio/client';
import type { BackTestRunner } from '../engine/governance/back-tests/runner.ts';
import { toLine } from '../platform/shorten.ts';
import type { BackTestInput } from '../workflows/back-test/workflow.ts';
import { describeWorkflow } from './describe-workflow.ts';
import { backTestWorkflowId, backTestWorkflowType, summaryCharacters, taskQueueOf } from './names.ts';
import { toTemporalError } from './to-temporal-error.ts';

async function asking<Result>(backTestId: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toTemporalError(error, `back-test ${backTestId}`);
  }
}

/** Back-tests as workflows, one each. */
export function createBackTestRunner(client: Pick<Client, 'workflow'>, { taskQueuePrefix }: { taskQueuePrefix: string }): BackTestRunner {
  const idOf = (backTestId: string): string => backTestWorkflowId(backTestId, taskQueuePrefix);
  return {
    start: ({ backTestId, subject }) =>
      asking(backTestId, async () => {
        const input: BackTestInput = { backTestId };
        try {
          await client.workflow.start(backTestWorkflowType, {
            workflowId: idOf(backTestId),
            taskQueue: taskQueueOf('workflows', taskQueuePrefix),
            args: [input],
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            staticSummary: toLine(`Back-test of ${subject}`, summaryCharacters),
          });
        } catch (error) {
          // It ran and ended already.
          if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        }
      }),
    cancel: (backTestId) =>
      asking(backTestId, async () => {
        try {
          await client.workflow.getHandle(idOf(backTestId)).cancel();
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
    describe: (backTestId) => asking(backTestId, async () => (await describeWorkflow(client, idOf(backTestId))).status),
  };
}
