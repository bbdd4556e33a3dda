import { describe, expect, test } from 'vitest';
import type { WordedRequest } from '../told-sentence.ts';
import { toMailText } from './mail-text.ts';

const requestOf = (given: Partial<WordedRequest> = {}): WordedRequest => ({
  id: '019a0000-0000-7000-8000-000000000001', run_id: 'r', agent_id: 'a', agent_name: 'Support', tool_name: 'send_email', risk_level: 'HIGH', status: 'pending',
  kind: 'tool_call', host: null, recipient_domains: null, sentence: 'Send an e-mail to example.com', expires_at: new Date('2026-11-29T15:04:05Z'), ...given,
});
const url = 'https://maestro.example.com';

describe('the mail about one request', () => {
  test('says what happens, of which agent, how risky it is, until when, and where to decide', () => {
    expect(toMailText([{ kind: 'requested', request: requestOf() }], url)).toMatchInlineSnapshot(`
      {
        "subject": "Approval needed: send_email (HIGH)",
        "text": "An agent may not go on before somebody decides.

          Send an e-mail to example[.]com

      Tool:    send_email
      Agent:   Support
      Risk:    HIGH
      Expires: 2026-11-29 15:04 UTC; it is not executed then

      Look at it and decide:
      https://maestro.example.com/hitl/019a0000-0000-7000-8000-000000000001

      Opening the page decides nothing.
      Which of these mails you get: https://maestro.example.com/settings",
      }
    `);
  });

  test.each([['requested', 'Approval needed'], ['changed', 'Approval changed'], ['reminder', 'Still waiting for approval'], ['escalated', 'Approval escalated']] as const)('%s begins with "%s"', (kind, subject) => {
    expect(toMailText([{ kind, request: requestOf() }], url).subject).toBe(`${subject}: send_email (HIGH)`);
  });

  test('words from outside stay one line, show what they are and make no second link', () => {
    const { subject, text } = toMailText([{ kind: 'requested', request: requestOf({
      tool_name: 'mcp\r\nBcc: evil@evil.example', agent_name: 'Agent\r\n\r\nLook at it and decide:\nhttps://evil.example/hitl', sentence: 'Send to www.evil.example/login\u202E\u200B\n\nhttps://evil.example/ <b>now</b> of v1.2',
    }) }], url);
    expect(subject).toBe('Approval needed: mcp Bcc: evil@evil[.]example (HIGH)');
    expect(text.split('\n').filter((line) => line.includes('https://'))).toEqual([`${url}/hitl/${requestOf().id}`, `Which of these mails you get: ${url}/settings`]);
    expect(text).toContain('    Send to www[.]evil[.]example/login https[:]//evil[.]example/ <b>now</b> of v1.2');
    expect(text).not.toMatch(/[\p{Cf}\r]/u);
  });
});

describe('the mail about many', () => {
  test('lists them, once each, with one link to all', () => {
    const items = [1, 2, 3, 4, 4].map((n) => ({ kind: 'requested' as const, request: requestOf({ id: `019a0000-0000-7000-8000-00000000000${n}`, sentence: `Do ${n}`, expires_at: null }) }));
    const { subject, text } = toMailText(items, url);
    expect(subject).toBe('4 approvals wait');
    expect(text.match(/Do \d/g)).toEqual(['Do 1', 'Do 2', 'Do 3', 'Do 4']);
    expect(text.match(/https:\S+/g)).toEqual([`${url}/hitl`, `${url}/settings`]);
  });

  test('names thirty and counts the rest', () => {
    const items = Array.from({ length: 45 }, (_item, n) => ({ kind: 'requested' as const, request: requestOf({ id: String(n) }) }));
    expect(toMailText(items, url).text).toContain('\nand 15 more\n');
  });

  test('is the mail about one where all of them are about the same request', () => {
    expect(toMailText([{ kind: 'requested', request: requestOf() }, { kind: 'reminder', request: requestOf() }], url).subject).toBe('Still waiting for approval: send_email (HIGH)');
  });
});
