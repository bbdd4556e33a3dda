import { isAuthorized } from '@cedar-policy/cedar-wasm/nodejs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PolicyEffect } from '../../contracts/approvals.ts';
import { riskLevels } from '../../contracts/tools.ts';
import { builtInPolicies } from './built-in-policies.ts';
import { entitiesOf } from './facts/entities-of.ts';
import type { PolicyQuestion } from './policy.ts';
import { questionOf, setOf } from './questions.cases.ts';

const principals = ['principal', 'principal == Agent::"a1"', 'principal == Agent::"a2"', 'principal in Agent::"a1"', 'principal in Tag::"t1"', 'principal in Tag::"t2"', 'principal is Agent', 'principal is Agent in Tag::"t1"', 'principal is Tool', 'principal == Tag::"t1"'];
const actions = ['action', 'action == Action::"use"', 'action == Action::"use_unattended"', 'action in [Action::"use", Action::"use_unattended"]', 'action in [Action::"use"]'];
const resources = ['resource', 'resource == Tool::"x"', 'resource == Tool::"y"', 'resource in Tool::"x"', 'resource in DataSource::"d1"', 'resource in Host::"h1"', 'resource is Tool in Host::"h2"', 'resource == Host::"h1"'];
const clauses = [
  'when { principal in [Agent::"a1", Agent::"a2"] }', 'when { principal in [Agent::"a2"] || principal in Tag::"t1" }', 'when { resource in [Tool::"y"] || resource in [Host::"h1", Host::"h2"] }', 'when { principal in [Tag::"t1"] || resource in [Tool::"x"] }',
  'when { context.hour >= 9 }', 'when { context.risk == "HIGH" }', 'unless { context.hour >= 9 }', 'when { action == Action::"use" }', 'when { resource in DataSource::"d1" }', 'when { principal in Tag::"t2" }', 'when { principal.tags.contains("t1") }',
  'when { context.arguments.hasTag("s") && context.arguments.getTag("s") like "a*" }', 'when { context.run.tokens > 3 }', 'when { resource.name == "x" }', 'when { true }', 'when { false }',
];
const statementArbitrary = fc
  .tuple(fc.constantFrom('permit', 'forbid'), fc.constantFrom(...principals), fc.constantFrom(...actions), fc.constantFrom(...resources), fc.array(fc.constantFrom(...clauses), { maxLength: 3 }))
  .map(([effect, principal, action, resource, conditions]) => `${effect}(${principal}, ${action}, ${resource})${conditions.map((clause) => `\n${clause}`).join('')};`);
const questionArbitrary = fc
  .record({
    id: fc.constantFrom('a1', 'a2', 'a3'), tags: fc.subarray(['t1', 't2', 't3']), tool: fc.constantFrom('http_request', 'describe_data_source', 'x', 'y'), host: fc.constantFrom('h1', 'h2', 'h3'), source: fc.constantFrom('d1', 'd2'),
    riskLevel: fc.constantFrom(...riskLevels), hour: fc.constantFrom('08', '09'), tokens: fc.integer({ min: 0, max: 6 }), subject: fc.constantFrom('abc', 'xyz'),
  })
  .map(({ id, tags, tool, host, source, riskLevel, hour, tokens, subject }) =>
    questionOf({
      toolName: tool, riskLevel,
      facts: {
        agent: { id, name: 'n', tags, version: 1, owner: null }, run: { iterations: 1, tool_calls: 1, calls_of_tool: 1, tokens, cost_micro_usd: 1 }, at: `2026-11-29T${hour}:00:00.000Z`, arguments: { s: subject },
        ...(tool === 'http_request' ? { host } : tool === 'describe_data_source' ? { data_source: source } : { mcp_server: 'm', argument_hosts: [host] }),
      },
    }));

/** The verdict of Cedar itself, asked about every statement of the set at once with every fact. */
function wholeVerdict(texts: readonly string[], question: PolicyQuestion): PolicyEffect {
  const { agent, tool } = entitiesOf(question);
  const facts = question.facts as unknown as { agent: { name: string; tags: string[]; version: number }; run: Record<string, number>; at: string; arguments: Record<string, string> };
  const ask = (action: string): boolean => {
    const answer = isAuthorized({
      principal: { type: 'Agent', id: agent.id }, action: { type: 'Action', id: action }, resource: { type: 'Tool', id: tool.id }, policies: { staticPolicies: [...builtInPolicies.map(({ cedar }) => cedar), ...texts].join('\n') },
      context: { risk: question.riskLevel, risk_level: riskLevels.indexOf(question.riskLevel) + 1, hour: new Date(facts.at).getUTCHours(), run: facts.run, arguments: { __entity: { type: 'Arguments', id: 'call' } } },
      entities: [
        { uid: { type: 'Agent', id: agent.id }, attrs: { name: facts.agent.name, version: 1, tags: facts.agent.tags }, parents: agent.parents },
        { uid: { type: 'Tool', id: tool.id }, attrs: { name: tool.id }, parents: tool.parents },
        { uid: { type: 'Arguments', id: 'call' }, attrs: {}, parents: [], tags: facts.arguments },
      ],
    });
    if (answer.type === 'failure') throw new Error(answer.errors[0]?.message);
    expect(answer.response.diagnostics.errors).toEqual([]);
    return answer.response.decision === 'allow';
  };
  return !ask('use') ? 'deny' : ask('use_unattended') ? 'allow' : 'ask';
}

it('the statements an index finds give the verdict that all of them together give', () => {
  fc.assert(
    fc.property(fc.array(statementArbitrary, { minLength: 1, maxLength: 12 }), fc.array(questionArbitrary, { minLength: 1, maxLength: 4 }), (texts, questions) => {
      const set = setOf(...texts);
      for (const question of questions) {
        const judged = set.judge(question);
        expect([judged.problems, judged.verdict]).toEqual([[], wholeVerdict(texts, question)]);
      }
    }),
    { numRuns: 40 },
  );
});
