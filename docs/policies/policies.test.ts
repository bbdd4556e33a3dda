import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import type { ToolFacts } from '../../contracts/tools.ts';
import { checkPolicySource, createPolicySet, type PolicyQuestion, type PolicyVerdict } from '../../engine/safety/index.ts';

// Each policy of the guide is valid, decides the calls it was written for, and leaves others to the built-in ones.

const read = (name: string): string => readFileSync(new URL(`${name}.cedar`, import.meta.url), 'utf8');
const names = readdirSync(new URL('.', import.meta.url)).filter((file) => file.endsWith('.cedar')).map((file) => file.replace(/\.cedar$/, ''));

/** A Tuesday at noon in Greenwich. */
const noon = '2026-12-01T12:00:00.000Z';
const maintenanceAgent = '0199d5a0-0000-7000-8000-00000000c0de';

interface Call extends Partial<Omit<PolicyQuestion, 'facts'>> {
  facts?: ToolFacts;
  tags?: string[];
  agentId?: string;
  at?: string;
  environment?: string;
  callsOfTool?: number;
  copiedFrom?: string[];
}

/** A call as the ledger keeps it, by an agent without tags at noon, unless the test says otherwise. */
const toQuestion = ({ toolName = 'send_email', riskLevel = 'HIGH', effect = 'external', facts = {}, tags = [], agentId = '0199d5a0-0000-7000-8000-000000000001', at = noon, environment = 'production', callsOfTool = 0, copiedFrom = [] }: Call): PolicyQuestion => ({
  toolName, riskLevel, effect,
  facts: {
    arguments: {}, numbers: {}, unreadable_arguments: [], ...facts,
    agent: { id: agentId, name: 'Ada', owner: 'ana@example.com', version: 1, tags },
    run: { tool_calls: callsOfTool, calls_of_tool: callsOfTool, iterations: 1, tokens: 100, cost_micro_usd: 0 },
    taint: { read_from: copiedFrom, copied_from: copiedFrom },
    at, environment,
  },
});

const judge = (policies: string[], call: Call): PolicyVerdict =>
  createPolicySet({ version: 'set-1', policies: policies.map((name) => ({ id: name, name, version: 1, cedar: read(name) })) }).judge(toQuestion(call));

const mail = { recipient_count: 1, outside_recipient_count: 0, hidden_recipient_count: 0, recipient_domains: ['example.com'], outside_domains: [], from_domain: 'example.com' };
const outside = { ...mail, outside_recipient_count: 1, recipient_domains: ['example.net'], outside_domains: ['example.net'] };
const query: Call = { toolName: 'run_sql', riskLevel: 'MEDIUM', effect: 'none', facts: { data_source: 'support', tables: ['tickets'], columns: ['tickets.subject'], private_columns: [], row_limit: 100, functions: [] } };
const request = (method: string, host: string): Call => ({
  toolName: 'http_request', riskLevel: method === 'GET' ? 'MEDIUM' : 'HIGH', effect: method === 'GET' ? 'none' : 'external', facts: { method, host, path: '/', protocol: 'https', port: 443 },
});
const pay = (numbers: Record<string, number>, unreadable: string[] = []): Call => ({ toolName: 'mcp_bank_pay', riskLevel: 'MEDIUM', effect: 'external', facts: { mcp_server: 'bank', mcp_tool: 'pay', argument_names: ['amount'], argument_hosts: [], numbers, unreadable_arguments: unreadable } });
const crm = (effect: PolicyQuestion['effect'], server = 'crm'): Call => ({ toolName: 'mcp_crm_x', riskLevel: 'MEDIUM', effect, facts: { mcp_server: server, mcp_tool: 'x', argument_names: [], argument_hosts: [] } });
const wipe: Call = { toolName: 'mcp_ops_wipe', riskLevel: 'CRITICAL', effect: 'external', facts: { mcp_server: 'ops', mcp_tool: 'wipe', argument_names: [], argument_hosts: [] } };

test('there are ten, and each is valid without a warning', () => {
  expect(names).toHaveLength(10);
  for (const name of names) expect(checkPolicySource({ cedar: read(name) }), name).toMatchObject({ is_valid: true, issues: [] });
});

describe.each<[policy: string, cases: [what: string, call: Call, verdict: PolicyEffect, isItsDoing: boolean][]]>([
  ['outside-mail', [
    ['mail to another company asks', { facts: outside }, 'ask', true],
    ['mail to colleagues is left to the built-in policies', { facts: mail }, 'ask', false],
    ['mail nobody can tell the place of asks', { facts: { ...mail, outside_recipient_count: null }, riskLevel: 'LOW' }, 'ask', true],
  ]],
  ['no-mail-to-copied-addresses', [
    ['an address from a web page blocks', { facts: mail, copiedFrom: ['run_sql', 'http_request'] }, 'deny', true],
    ['one from a database does not', { facts: mail, copiedFrom: ['run_sql'] }, 'ask', false],
  ]],
  ['private-columns', [
    ['a query on a private column asks', { ...query, facts: { ...query.facts, private_columns: ['tickets.customer_email'] } }, 'ask', true],
    ['another one runs', query, 'allow', false],
  ]],
  ['http-writes', [
    ['POST to a host of the list asks as ever', request('POST', 'hooks.example.com'), 'ask', false],
    ['POST elsewhere is blocked', request('POST', 'example.org'), 'deny', true],
    ['an agent on trial does not DELETE in production', { ...request('DELETE', 'api.example.com'), tags: ['trial'] }, 'deny', true],
    ['it does in staging, when a person says so', { ...request('DELETE', 'api.example.com'), tags: ['trial'], environment: 'staging' }, 'ask', false],
    ['it reads wherever it wants', { ...request('GET', 'example.org'), tags: ['trial'] }, 'allow', false],
  ]],
  ['large-amounts', [
    ['1,001 asks', pay({ amount: 1_001 }), 'ask', true],
    ['1,000 runs', pay({ amount: 1_000 }), 'allow', false],
    ['an amount nobody can compare asks', pay({}, ['amount']), 'ask', true],
    ['a call without an amount is another matter', pay({}), 'allow', false],
  ]],
  ['outside-office-hours', [
    ['a change at night asks', { ...crm('idempotent'), at: '2026-12-01T03:00:00.000Z' }, 'ask', true],
    ['a change on Sunday asks', { ...crm('idempotent'), at: '2026-12-06T12:00:00.000Z' }, 'ask', true],
    ['at noon it runs', crm('idempotent'), 'allow', false],
    ['reading at night runs', { ...query, at: '2026-12-01T03:00:00.000Z' }, 'allow', false],
  ]],
  ['twenty-mails-a-run', [
    ['the twenty-first is blocked', { facts: mail, callsOfTool: 20 }, 'deny', true],
    ['the twentieth asks', { facts: mail, callsOfTool: 19 }, 'ask', false],
  ]],
  ['notify-own-domain', [
    ['a notice to colleagues goes', { facts: mail, tags: ['notify'] }, 'allow', true],
    ['without the tag it asks', { facts: mail }, 'ask', false],
    ['to others it asks', { facts: outside, tags: ['notify'] }, 'ask', false],
    ['with a hidden recipient it asks', { facts: { ...mail, hidden_recipient_count: 1 }, tags: ['notify'] }, 'ask', false],
  ]],
  ['crm-server', [
    ['what changes something asks', crm('idempotent'), 'ask', true],
    ['what reads runs', crm('none'), 'allow', false],
    ['another server is another matter', crm('idempotent', 'wiki'), 'allow', false],
  ]],
  ['critical-with-four-eyes', [
    ['that agent asks', { ...wipe, agentId: maintenanceAgent }, 'ask', true],
    ['any other agent is refused', wipe, 'deny', false],
  ]],
])('%s', (policy, cases) => {
  test.each(cases)('%s', (_, call, verdict, isItsDoing) => {
    const judged = judge([policy], call);
    expect(judged).toMatchObject({ verdict });
    expect(judged.matchedRules.some(({ id }) => id === policy)).toBe(isItsDoing);
  });
});

test('the terms are those of the file', () => {
  expect(judge(['outside-mail'], { facts: outside }).terms).toMatchObject({
    requirements: [{ policy_id: 'outside-mail', approvers: ['group:sales-leads'], quorum: 1 }], forbids_self_approval: true, reminder_after_seconds: 3_600, expires_after_seconds: 8 * 3_600,
    escalations: [{ after_seconds: 4 * 3_600, approvers: ['role:admin'] }],
  });
  expect(judge(['large-amounts'], pay({ amount: 5_000 })).terms).toMatchObject({
    requirements: [{ approvers: ['group:finance'], quorum: 2 }], forbids_self_approval: true, editable_fields: [], expires_after_seconds: 24 * 3_600, extendable_to_seconds: 72 * 3_600,
  });
  expect(judge(['critical-with-four-eyes'], { ...wipe, agentId: maintenanceAgent }).terms).toMatchObject({ requirements: [{ approvers: ['role:admin'], quorum: 2 }], expires_after_seconds: 3_600 });
  expect(judge(['critical-with-four-eyes', 'outside-office-hours'], { ...wipe, agentId: maintenanceAgent, at: '2026-12-05T12:00:00.000Z' }).terms).toMatchObject({ requirements: expect.arrayContaining([expect.objectContaining({ approvers: ['role:admin'], quorum: 2 })]) });
});

test('what one policy permits another still forbids', () => {
  expect(judge(['notify-own-domain', 'twenty-mails-a-run'], { facts: mail, tags: ['notify'], callsOfTool: 20 }).verdict).toBe('deny');
  expect(judge(['notify-own-domain', 'outside-office-hours'], { facts: mail, tags: ['notify'], at: '2026-12-05T12:00:00.000Z' }).verdict).toBe('ask');
});
