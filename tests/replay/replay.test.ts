// Histories recorded with released workflow code must replay with today's. A failure here means that a change needs `patched()`.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import proto from '@temporalio/proto';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const bundlePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
const names = readdirSync(folder).filter((file) => file.endsWith('.bin')).map((file) => file.replace('.bin', ''));
/** Protobuf as Temporal stores it. */
const read = (name: string) => proto.temporal.api.history.v1.History.decode(readFileSync(`${folder}${name}.bin`));

test('the recorded histories cover what a run can go through', () => {
  expect(names.toSorted()).toEqual(['approval', 'cancel', 'continue-as-new', 'escalation-quorum-drift', 'happy', 'rejection']);
});

test.each(names)('%s replays', async (name) => {
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath }, replayName: name }, read(name), name);
});

test('a history that does not fit the code is noticed', async () => {
  const history = read('happy');
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'reason');
  scheduled!.activityTaskScheduledEventAttributes!.activityType!.name = 'somethingElse';
  await expect(Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath } }, history, 'changed')).rejects.toThrow(/[Nn]ondetermin/);
});

test('the workflow bundle holds workflows, contracts and names, and nothing of the rooms that touch the outside', () => {
  const code = readFileSync(bundlePath, 'utf8');
  // The bundle is a development build: every module is named in it.
  expect(code).toContain('./workflows/agent-run/workflow.ts');
  for (const room of ['activities', 'engine', 'db', 'platform', 'api', 'embedded']) expect(code).not.toContain(`"./${room}/`);
});
