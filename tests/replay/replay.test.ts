// Histories recorded with released workflow code must replay with today's. A failure here means that a change needs `patched()`.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('./histories/', import.meta.url));
const bundlePath = fileURLToPath(new URL('../../dist/workflow-bundle.js', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

test('the recorded histories cover what a run can go through', () => {
  expect(files.map((name) => name.replace('.json', '')).toSorted()).toEqual(['approval', 'cancel', 'continue-as-new', 'happy', 'rejection']);
});

test.each(files)('%s replays', async (name) => {
  const history: unknown = JSON.parse(readFileSync(`${folder}${name}`, 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath }, replayName: name }, history, name.replace('.json', ''));
});

test('a history that does not fit the code is noticed', async () => {
  const history = JSON.parse(readFileSync(`${folder}happy.json`, 'utf8')) as { events: { activityTaskScheduledEventAttributes?: { activityType: { name: string } } }[] };
  const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes?.activityType.name === 'reason');
  scheduled!.activityTaskScheduledEventAttributes!.activityType.name = 'somethingElse';
  await expect(Worker.runReplayHistory({ workflowBundle: { codePath: bundlePath } }, history, 'changed')).rejects.toThrow(/[Nn]ondetermin/);
});

test('the workflow bundle holds workflows, contracts and names, and nothing of the rooms that touch the outside', () => {
  const code = readFileSync(bundlePath, 'utf8');
  // The bundle is a development build: every module is named in it.
  expect(code).toContain('./workflows/agent-run/workflow.ts');
  for (const room of ['activities', 'engine', 'db', 'platform', 'api', 'embedded']) expect(code).not.toContain(`"./${room}/`);
});
