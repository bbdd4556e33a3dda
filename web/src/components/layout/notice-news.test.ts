import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { MaestroEvent } from '@contracts/events.ts';
import { describe, expect, test } from 'vitest';
import { newsOf, toLookedUp, toNotice } from './notice-news.ts';

const envelope = { id: '1', at: '2026-11-29T12:00:00.000Z', run_id: 'run' };
const requested = (id: string): MaestroEvent => ({ ...envelope, type: 'approval-requested', data: { approval_id: id, agent_id: 'a', agent_name: 'Support', tool_name: 'send_email', risk_level: 'HIGH', expires_at: null } });
const settled = (id: string): MaestroEvent => ({ ...envelope, type: 'approval-settled', data: { approval_id: id, agent_id: 'a', status: 'approved', decided_by: 'Ana' } });
const changed = (id: string, change: 'vote' | 'edited' | 'extended' | 'reminded' | 'escalated'): MaestroEvent => ({ ...envelope, type: 'approval-changed', data: { approval_id: id, agent_id: 'a', version: 1, change } });
const idsOf = (...events: MaestroEvent[]): string[] => newsOf(events).map(({ approvalId, what }) => `${approvalId} ${what}`);

describe('news of a batch', () => {
  test('of a request settled within it there is none', () => expect(idsOf(requested('a'), settled('a'), requested('b'))).toEqual(['b requested']));
  test('a reminder and an escalation are, a yes of several, an edit and a later expiry are not', () =>
    expect(idsOf(changed('a', 'reminded'), changed('b', 'escalated'), changed('c', 'vote'), changed('d', 'edited'), changed('e', 'extended'))).toEqual(['a reminded', 'b escalated']));
  test('of one request there is one, the last', () => expect(idsOf(requested('a'), changed('a', 'reminded'), changed('a', 'escalated'))).toEqual(['a escalated']));
});

describe('a notice', () => {
  const [news] = newsOf([requested('a')]);
  test('of a new request needs no look-up where all are wished', () =>
    expect(news && toNotice(news, 'all')).toEqual({ approvalId: 'a', runId: 'run', title: 'Approval needed: send_email', agentName: 'Support', expiresAt: null }));
  test('is looked up where only one\'s own are, and of a reminder', () => {
    expect(news && toNotice(news, 'mine')).toBeUndefined();
    expect(newsOf([changed('a', 'reminded')]).map((one) => toNotice(one, 'all'))).toEqual([undefined]);
  });
  test('is made of what waits; what does not concern me is left out where so wished', () => {
    const request = (id: string, concernsMe: boolean) => ({ id, run_id: 'run', tool_name: 'run_sql', agent_name: 'Sales', expires_at: null, concerns_me: concernsMe }) as ApprovalRequest;
    const all = newsOf([requested('a'), changed('b', 'reminded'), requested('gone')]);
    const pending = [request('a', true), request('b', false)];
    expect(toLookedUp(all, pending, 'mine').map(({ title }) => title)).toEqual(['Approval needed: run_sql']);
    expect(toLookedUp(all, pending, 'all').map(({ title }) => title)).toEqual(['Approval needed: run_sql', 'Still waiting for approval: run_sql']);
  });
});
