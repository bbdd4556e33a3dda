import { expect, test } from 'vitest';
import { builtInTools } from '../tools/index.ts';
import { toToldSentence } from './told-sentence.ts';

const sentenceOf = (toolName: string, { kind = 'tool_call' as const, host = null as unknown, domains = null as unknown } = {}) => toToldSentence({ kind, tool_name: toolName, host, recipient_domains: domains });

test('every tool that comes with Maestro is told in words of its own, any other by its name', () => {
  for (const { name } of builtInTools) expect(sentenceOf(name)).not.toContain(name);
  expect(sentenceOf('mcp_github_create_issue')).toBe('Call the tool mcp_github_create_issue');
  expect(toToldSentence({ kind: 'outcome_unknown', tool_name: 'send_email', host: null, recipient_domains: null })).toBe('Find out whether this happened: Send an e-mail');
});

test.each([
  ['http_request', { host: 'api.example.com' }, 'Send an HTTP request to api.example.com'],
  ['send_email', { domains: ['a.example', 'xn--bcher-kva.example'] }, 'Send an e-mail to a.example, xn--bcher-kva.example'],
  ['send_email', { domains: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example'] }, 'Send an e-mail to a.example, b.example, c.example and 2 more'],
])('%s says where to: %j', (toolName, given, said) => {
  expect(sentenceOf(toolName, given)).toBe(said);
});

test.each(['api.example.com/hooks/token', 'look at evil.example', 'evil.example\n', '.', '-', 'a..b', '[::1]', `${'a'.repeat(250)}.example`, 7, { a: 1 }, null])('what is no name of a host is left out: %j', (host) => {
  expect(sentenceOf('http_request', { host })).toBe('Send an HTTP request');
});
