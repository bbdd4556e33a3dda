import type { ToolDescription } from '@contracts/agents.ts';
import { expect, test } from 'vitest';
import { goneTools, groupTools } from './arrange-tools.ts';

const tool = (name: string, mcp_server: string | null = null, description = ''): ToolDescription =>
  ({ name, mcp_server, description, default_risk: 'LOW', effect: 'none', needs_approval: false, is_configured: true, configuration_hint: null, is_enabled: true, parameters: {} });
const tools = [tool('mcp_gh_issues', 'GitHub', 'Lists issues'), tool('run_sql', null, 'Reads a database'), tool('mcp_a_echo', 'A server', 'Says it again'), tool('send_email')];
const names = (text: string) => groupTools(tools, text).map((group) => [group.server, group.tools.map(({ name }) => name)]);

test('built-in tools come first, then those of each server by its name', () => {
  expect(names('')).toEqual([[null, ['run_sql', 'send_email']], ['A server', ['mcp_a_echo']], ['GitHub', ['mcp_gh_issues']]]);
});

test('every word must stand in the name, the server or the description; empty groups vanish', () => {
  expect(names('github list')).toEqual([['GitHub', ['mcp_gh_issues']]]);
  expect(names('DATABASE')).toEqual([[null, ['run_sql']]]);
  expect(names('github database')).toEqual([]);
});

test('chosen tools that are gone are told, so that they can be taken out', () => {
  expect(goneTools(tools, ['run_sql', 'mcp_old_tool'])).toEqual(['mcp_old_tool']);
});
