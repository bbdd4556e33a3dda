import type { MaestroEvent } from '@contracts/events.ts';
import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { applyEvents } from './cache-updates.ts';

const agentId = '0197f000-0000-7000-8000-00000000000a';
const otherId = '0197f000-0000-7000-8000-00000000000b';
const runId = '0197f000-0000-7000-8000-0000000000ff';
const envelope = { id: '1', at: '2026-11-24T10:00:00.000Z', run_id: runId };

/** A cache with one reading under each key, all fresh. */
const cacheOf = (keys: readonly (readonly unknown[])[]): { client: QueryClient; stale: () => number[] } => {
  const client = new QueryClient();
  for (const key of keys) client.setQueryData(key, {});
  return { client, stale: () => keys.flatMap((key, index) => (client.getQueryState(key)?.isInvalidated === true ? [index] : [])) };
};
const apply = (keys: readonly (readonly unknown[])[], ...events: MaestroEvent[]): number[] => {
  const { client, stale } = cacheOf(keys);
  applyEvents(client, events);
  return stale();
};

test('a run that changed makes its own page, the lists and its agent out of date, and nothing about others', () => {
  const keys = [
    ['getRun', { params: { run_id: runId } }], ['getRun', { params: { run_id: otherId } }], ['listRuns', { query: { limit: 20 } }], ['listRuns', { query: { agent_id: agentId } }, 'pages'],
    ['listAgents', { query: {} }, 'all'], ['getAgent', { params: { id: agentId } }], ['getAgent', { params: { id: otherId } }], ['getDashboard', {}], ['listTools', {}],
  ];
  expect(apply(keys, { ...envelope, type: 'run-changed', data: { agent_id: agentId, status: 'completed', iterations: 3 } })).toEqual([0, 2, 3, 4, 5, 7]);
});

test('a memory that changed reaches the list and the searches of its agent alone', () => {
  const keys = [['listMemory', { params: { id: agentId }, query: {} }, 'pages'], ['listMemory', { params: { id: agentId }, query: { query: 'tickets' } }, 'search'], ['listMemory', { params: { id: otherId }, query: {} }, 'pages']];
  expect(apply(keys, { ...envelope, type: 'memory-changed', data: { agent_id: agentId, memory_id: otherId, change: 'deleted' } })).toEqual([0, 1]);
});

test('a changed agent brings its versions up to date', () => {
  const keys = [['getAgent', { params: { id: agentId } }], ['listAgentVersions', { params: { id: agentId } }, 'pages'], ['listAgentVersions', { params: { id: otherId } }, 'pages'], ['listAgents', {}]];
  expect(apply(keys, { ...envelope, run_id: null, type: 'agent-changed', data: { agent_id: agentId, change: 'updated' } })).toEqual([0, 1, 3]);
});

test('an approval, asked for or settled, reaches the badge, the request and the dashboard', () => {
  const keys = [['listApprovals', { query: { status: 'pending', limit: 100 } }], ['getApproval', { params: { id: otherId } }], ['getDashboard', {}], ['getRun', { params: { run_id: runId } }]];
  expect(apply(keys, { ...envelope, type: 'approval-settled', data: { approval_id: otherId, agent_id: agentId, status: 'approved', decided_by: 'Ana' } })).toEqual([0, 1, 2, 3]);
});

test('the files of a run are read again when one of its tools ended, and not while it works', () => {
  const keys = [['listRunFiles', { params: { run_id: runId } }], ['listRunFiles', { params: { run_id: otherId } }]];
  const step = { step_id: otherId, iteration: 1, kind: 'tool', tool_name: 'execute_python', summary: null } as const;
  expect(apply(keys, { ...envelope, type: 'step-changed', data: { ...step, status: 'running' } })).toEqual([]);
  expect(apply(keys, { ...envelope, type: 'step-changed', data: { ...step, status: 'completed' } })).toEqual([0]);
});

test('what an admin changes under Integrations reaches the tools agents are given', () => {
  const keys = [['listTools', {}], ['listMcpServers', {}], ['listDataSourceTables', { params: { id: otherId } }], ['listDataSourceTables', { params: { id: agentId } }]];
  expect(apply(keys, { ...envelope, run_id: null, type: 'connection-changed', data: { connection_id: otherId, change: 'updated' } })).toEqual([0, 1, 2]);
});

test('a changed open request reaches the inbox and its card', () => {
  const keys = [['listApprovals', { query: { status: 'pending', limit: 100 } }], ['countApprovals', {}], ['getApproval', { params: { id: otherId } }], ['getApproval', { params: { id: agentId } }]];
  expect(apply(keys, { ...envelope, type: 'approval-changed', data: { approval_id: otherId, agent_id: agentId, version: 2, change: 'vote' } })).toEqual([0, 1, 2]);
});

test('a draft reaches its policy alone; what goes live reaches verdicts and versions as well', () => {
  const keys = [['listPolicies', {}], ['getPolicy', { params: { id: otherId } }], ['getPolicy', { params: { id: agentId } }], ['listPolicyVersions', { params: { id: otherId } }], ['listPolicySets', {}], ['simulateAgent', { body: {} }], ['tryCall', { body: {} }], ['listGroups', {}]];
  const changed = (change: 'draft' | 'published'): MaestroEvent => ({ ...envelope, run_id: null, type: 'policy-changed', data: { policy_id: otherId, change } });
  expect(apply(keys, changed('draft'))).toEqual([0, 1]);
  expect(apply(keys, changed('published'))).toEqual([0, 1, 3, 4, 5, 6, 7]);
});

test('the decisions a back-test changes are read when it has ended', () => {
  const keys = [['getBackTest', { params: { id: otherId } }], ['listBackTests', {}], ['listBackTestDecisions', { params: { id: otherId }, query: {} }, 'pages'], ['getBackTest', { params: { id: agentId } }], ['getPolicy', { params: { id: agentId } }]];
  const changed = (status: 'running' | 'completed'): MaestroEvent => ({ ...envelope, run_id: null, type: 'back-test-changed', data: { back_test_id: otherId, status, done: 1, total: 2 } });
  expect(apply(keys, changed('running'))).toEqual([0, 1]);
  expect(apply(keys, changed('completed'))).toEqual([0, 1, 2, 4]);
});
