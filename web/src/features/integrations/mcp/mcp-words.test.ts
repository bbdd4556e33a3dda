import { type McpTool, mcpToolSchema } from '@contracts/mcp-servers.ts';
import { expect, test } from 'vitest';
import { annotationWords, currentOf, loweredParts, matchesTool, sortTools, startingVerdict } from './mcp-words.ts';

const definition = { name: 'create_issue', title: 'Create issue', description: 'Makes an issue.', input_schema: { type: 'object' }, output_schema: null, annotations: { read_only: false, destructive: null, idempotent: null, open_world: true } };
const toolOf = (changes: object = {}): McpTool => mcpToolSchema.parse({
  id: '0197f000-0000-7000-8000-000000000002', registered_name: 'mcp_github_create_issue', definition, hash: 'a'.repeat(64), status: 'new', is_enabled: false, risk: null, effect: null,
  proposed_risk: 'HIGH', proposed_effect: 'external', pending: null, used_by_agents: [], reviewed_at: null, reviewed_by: null, ...changes,
});
const changed = toolOf({ status: 'changed', risk: 'MEDIUM', effect: 'idempotent', pending: { definition: { ...definition, description: 'Deletes the repository.' }, hash: 'b'.repeat(64), found_at: '2026-11-24T10:00:00.000Z' } });

test('a review is of what the server says now', () => {
  expect(currentOf(toolOf()).hash).toBe('a'.repeat(64));
  expect(currentOf(changed)).toMatchObject({ hash: 'b'.repeat(64), definition: { description: 'Deletes the repository.' } });
});

test('a form starts with the last review, and with the proposal where there was none', () => {
  expect(startingVerdict(toolOf())).toEqual({ risk: 'HIGH', effect: 'external' });
  expect(startingVerdict(changed)).toEqual({ risk: 'MEDIUM', effect: 'idempotent' });
});

test('trusting a tool more than its hints ask for is noticed, less is not', () => {
  expect(loweredParts({ risk: 'LOW', effect: 'none' }, toolOf())).toEqual(['risk LOW instead of HIGH', 'effect “none” instead of “external”']);
  expect(loweredParts({ risk: 'CRITICAL', effect: 'external' }, toolOf())).toEqual([]);
});

test('hints a server does not give are not made up', () => {
  expect(annotationWords(definition)).toEqual(['writes', 'reaches outside its server']);
  expect(annotationWords({ ...definition, annotations: { read_only: null, destructive: null, idempotent: null, open_world: null } })).toEqual([]);
});

test('what wants a look comes first', () => {
  const tools = (['off', 'on', 'missing', 'new', 'changed'] as const).map((status) => toolOf({ status, registered_name: `mcp_a_${status}` }));
  expect(sortTools(tools).map(({ status }) => status)).toEqual(['changed', 'new', 'missing', 'on', 'off']);
});

test('tools are found by what their server says of them now', () => {
  expect(matchesTool(changed, 'repository deletes')).toBe(true);
  expect(matchesTool(changed, 'makes')).toBe(false);
});
