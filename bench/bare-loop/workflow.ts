// The least a durable agent loop costs on this Temporal server: the same kinds of activities, timers, signals and search attributes as
// agentRunWorkflow, in the same order, with nothing in them. What Maestro takes on top of this is Maestro's own.
import { defineSearchAttributeKey } from '@temporalio/common';
import { condition, defineSignal, proxyActivities, proxyLocalActivities, setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { siblingTaskQueue } from '../../temporal/names.ts';
import type { BareActivities } from './activities.ts';

export const goOnSignal = defineSignal('goOn');

export async function bareLoopWorkflow({ iterations, waits }: { iterations: number; waits: boolean }): Promise<void> {
  const own = workflowInfo().taskQueue;
  const on = (role: 'models' | 'tools') => proxyActivities<BareActivities>({ taskQueue: siblingTaskQueue(own, role), startToCloseTimeout: '1m', heartbeatTimeout: '10s' });
  const [models, tools, records] = [on('models'), on('tools'), proxyActivities<BareActivities>({ taskQueue: own, startToCloseTimeout: '1m' })];
  const moments = proxyLocalActivities<BareActivities>({ startToCloseTimeout: '10s' });
  let mayGoOn = false;
  setHandler(goOnSignal, () => void (mayGoOn = true));
  const phase = defineSearchAttributeKey('RunPhase', 'KEYWORD');
  const iterationKey = defineSearchAttributeKey('Iteration', 'INT');
  const show = (iteration: number): void => {
    setCurrentDetails(`iteration ${iteration}`);
    upsertSearchAttributes([{ key: phase, value: 'running' }, { key: iterationKey, value: iteration }]);
  };
  const memories: Promise<unknown>[] = [];
  for (let iteration = 1; iteration <= iterations; iteration++) {
    show(iteration);
    await models.bareActivity({ iteration });
    await moments.bareActivity({ iteration });
    if (waits && iteration === iterations) {
      await records.bareActivity({ iteration });
      await condition(() => mayGoOn, '1 day');
      await moments.bareActivity({ iteration });
    }
    await tools.bareActivity({ iteration });
    memories.push(models.bareActivity({ iteration }));
  }
  show(iterations + 1);
  await models.bareActivity({ iteration: iterations + 1 });
  await records.bareActivity({ iteration: iterations + 1 });
  await Promise.all(memories);
}
