import { type McpServer, mcpServerSchema } from '@contracts/mcp-servers.ts';
import { type ToolSettings, toolSettingsSchema } from '@contracts/tool-settings.ts';
import { expect, test } from 'vitest';
import { filterTools, limitWords, statesAtServers, toolState } from './tool-words.ts';

const toolOf = (changes: Partial<ToolSettings> = {}): ToolSettings => toolSettingsSchema.parse({
  name: 'web_search', description: 'Searches the web.', mcp_server: null, default_risk: 'LOW', effect: 'none', is_enabled: true, is_configured: true, configuration_hint: null, timeout_seconds: null,
  default_timeout_seconds: 20, max_concurrent: null, calls_per_minute: null, running: 0, options: null, options_schema: null, used_by_agents: [], version: 0, updated_at: null, updated_by: null, ...changes,
});
const definition = { name: 'x', title: null, description: '', input_schema: {}, output_schema: null, annotations: { read_only: null, destructive: null, idempotent: null, open_world: null } };
const serverOf = (status: string, isEnabled = true): McpServer => mcpServerSchema.parse({
  id: '0197f000-0000-7000-8000-000000000001', name: 'GitHub', slug: 'github', transport: { type: 'streamable_http', url: 'https://a.example.com' }, timeout_seconds: 60, is_enabled: isEnabled, state: 'healthy',
  server: null, last_test: null, to_review: 0, used_by_agents: [], version: 1, updated_at: '2026-11-24T10:00:00.000Z', updated_by: null,
  tools: [{ id: '0197f000-0000-7000-8000-000000000002', registered_name: 'mcp_github_x', definition, hash: 'a'.repeat(64), status, is_enabled: status === 'on', risk: null, effect: null, proposed_risk: 'HIGH', proposed_effect: 'external', pending: null, used_by_agents: [], reviewed_at: null, reviewed_by: null }],
});
const stateAt = (server: McpServer, changes: Partial<ToolSettings> = {}) => toolState(toolOf({ name: 'mcp_github_x', ...changes }), statesAtServers([server]).get('mcp_github_x'));

test('a tool is off before it is not configured, and on when it is neither', () => {
  expect(toolState(toolOf())).toBe('on');
  expect(toolState(toolOf({ is_configured: false }))).toBe('not_configured');
  expect(toolState(toolOf({ is_configured: false, is_enabled: false }))).toBe('off');
});

test.each([['new', 'to_review'], ['changed', 'to_review'], ['missing', 'missing'], ['off', 'off'], ['on', 'on']])('a tool its server calls %s is %s, though its switch here is on', (status, state) => {
  expect(stateAt(serverOf(status))).toBe(state);
});

test('a tool of a server that is off is off, and so is one switched off here', () => {
  expect(stateAt(serverOf('on', false))).toBe('off');
  expect(stateAt(serverOf('on'), { is_enabled: false })).toBe('off');
});

test('the time-out that counts is said with the limits that are set', () => {
  expect(limitWords(toolOf())).toBe('20 s');
  expect(limitWords(toolOf({ timeout_seconds: 120, max_concurrent: 2, calls_per_minute: 1 }))).toBe('2 m 00 s · 2 at once · 1 call/min');
});

test('tools are found by every word of name, description or server', () => {
  const tools = [toolOf(), toolOf({ name: 'mcp_github_issue', description: 'Makes an issue.', mcp_server: 'GitHub' })];
  expect(filterTools(tools, 'github ISSUE').map(({ name }) => name)).toEqual(['mcp_github_issue']);
  expect(filterTools(tools, 'built web').map(({ name }) => name)).toEqual(['web_search']);
  expect(filterTools(tools, ' ')).toHaveLength(2);
});
