import { expect, test } from 'vitest';
import { toolChoices } from './tool-options.tsx';

test('a tool that stands in the address can be chosen although the catalogue no longer has it', () => {
  expect(toolChoices([{ name: 'run_sql' }], 'mcp_gone_echo')).toEqual(['mcp_gone_echo', 'run_sql']);
});

test('a tool of the catalogue is offered once, chosen or not', () => {
  expect(toolChoices([{ name: 'run_sql' }, { name: 'send_email' }], 'send_email')).toEqual(['run_sql', 'send_email']);
  expect(toolChoices(undefined, undefined)).toEqual([]);
});
