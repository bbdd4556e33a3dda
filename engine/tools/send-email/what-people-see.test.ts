import { describe, expect, test } from 'vitest';
import { emailTool, letter } from '../../../tests/support/send-email.ts';
import { hasRemoteContent, hasScript } from './html-facts.ts';
import type { SendEmailArguments } from './index.ts';

const to = ['a@example.com', 'b@team.example.com', 'c@partner.test'];
const files = (count: number) => Array.from({ length: count }, (_item, n) => ({ file: `${n}.csv` }));

describe('the sentence an approver reads', () => {
  test.each<[args: Partial<SendEmailArguments>, companyDomains: string[], sentence: string]>([
    [{ to }, ['example.com'], 'Send an e-mail to 3 recipients, 1 outside the company'],
    [{ to: to.slice(0, 2) }, ['Example.com'], 'Send an e-mail to 2 recipients'],
    [{ to }, [], 'Send an e-mail to 3 recipients'],
    [{ to: ['a@example.com'] }, ['example.com'], 'Send an e-mail to a@example.com'],
    [{ to: ['c@partner.test'] }, ['example.com'], 'Send an e-mail to c@partner.test, outside the company'],
    [{ to: ['c@notexample.com'] }, ['example.com'], 'Send an e-mail to c@notexample.com, outside the company'],
    [{ to: ['a@аpple.com'] }, ['apple.com'], 'Send an e-mail to a@xn--pple-43d.com, outside the company'],
    [{ to, attachments: files(2) }, ['example.com'], 'Send an e-mail to 3 recipients, 1 outside the company, with 2 attachments'],
    [{ to: ['a@example.com'], attachments: files(1) }, [], 'Send an e-mail to a@example.com, with 1 attachment'],
    [{ to: to.slice(0, 1), bcc: to.slice(1), reply_to: 'me@evil.example' }, ['example.com'], 'Send an e-mail to 3 recipients, 2 hidden (Bcc), 1 outside the company, answers go to me@evil.example'],
    [{ to: to.slice(0, 1), bcc: to.slice(0, 1) }, ['example.com'], 'Send an e-mail to a@example.com'],
  ])('%j with %j reads "%s"', (args, companyDomains, sentence) => {
    expect(emailTool({ companyDomains }).effectSentence({ ...letter, ...args })).toBe(sentence);
  });

  test('risk is HIGH and the effect external', () => {
    const tool = emailTool();
    expect([tool.risk(letter), tool.effect(letter), tool.defaultEffect]).toEqual(['HIGH', 'external', 'external']);
  });
});

describe('facts', () => {
  test('have domains and counts, never addresses or text', () => {
    const facts = emailTool().facts({ ...letter, to, cc: ['A@EXAMPLE.com'], bcc: ['d@bücher.example'], reply_to: 'x@Partner.test', html: '<b>Hi</b>', attachments: files(2) });
    expect(facts).toEqual({
      recipient_count: 4, hidden_recipient_count: 1, recipient_domains: ['example.com', 'partner.test', 'team.example.com', 'xn--bcher-kva.example'], outside_recipient_count: 2, outside_domains: ['partner.test', 'xn--bcher-kva.example'],
      from_domain: 'maestro.example', reply_to_domain: 'partner.test', text_length: letter.text.length, has_html: true, html_has_remote_content: false, html_has_script: false, attachment_count: 2,
    });
  });

  test('say that it is unknown who is outside where nobody said what is inside', () => {
    expect(emailTool({ companyDomains: [] }).facts(letter)).toMatchObject({ outside_recipient_count: null, outside_domains: null, reply_to_domain: null, has_html: false, html_has_remote_content: false });
  });

  test.each([[{}, undefined, 'maestro.example'], [{ from: 'a@corp.example' }, undefined, 'corp.example'], [{ sender_domains: ['corp.example'] }, 'b@eu.corp.example', 'eu.corp.example']])('with the settings %j and the sender %j the sender\'s domain is %s', (settings, from, domain) => {
    expect(emailTool({ settings }).facts({ ...letter, ...(from === undefined ? {} : { from }) })).toMatchObject({ from_domain: domain });
  });
});

describe('HTML that has something fetched', () => {
  test.each([
    '<img src="https://t.example/p.gif">', '<IMG SRC=//t.example/p>', "<img alt='x'src='http://t.example'>", '<img src = "&#104;ttps://t.example/p">', '<img/src=https://t.example>', '<img srcset="https://t.example 2x">', '<td background="https://t.example/b">',
    '<p style="background:url(https://t.example/p)">', '<p style="background:u\\72l(https://t.example/p)">', '<style>@import "https://t.example/s.css"</style>', '<link rel=stylesheet href=https://t.example>', '<base href="https://t.example">',
    '<iframe src="https://t.example"></iframe>', '<object data="https://t.example">', '<video poster="https://t.example/p">', '<svg><image href="https://t.example"/></svg>', '<svg><use xlink:href="https://t.example#a"/></svg>', '<meta http-equiv="refresh" content="0;url=https://t.example">', '<img src="relative.png">',
  ])('%s is told', (html) => {
    expect(hasRemoteContent(html)).toBe(true);
  });

  test.each(['<p>Hello <b>you</b></p>', '<a href="https://example.com/">Report</a>', '<img src="cid:chart">', '<img src="data:image/png;base64,iVBORw0KGgo=">', '<p style="color:red;background:url(data:image/png;base64,AA)">x</p>', '<table><tr><td width="10">1 &lt; 2</td></tr></table>', '<p>Costs: 5 &amp; more; see the source</p>'])('%s is not', (html) => {
    expect(hasRemoteContent(html)).toBe(false);
  });
});

describe('HTML that brings code along', () => {
  test.each(['<script>alert(1)</script>', '<ScRiPt src=x>', '<img src=x onerror=alert(1)>', '<svg/onload=alert(1)>', '<p\nonclick = "x()">', '<a href="javascript:alert(1)">', '<a href="java&#115;cript:alert(1)">', '<a href="java&Tab;script&colon;alert(1)">', '<a href=" \u0001javascript:x">', '<iframe srcdoc="<b>">', '<object data="x">'])('%s is told', (html) => {
    expect(hasScript(html)).toBe(true);
  });

  test.each(['<p>Hello</p>', '<p>JavaScript is a language</p>', '<a href="https://example.com/?on=1">x</a>', '<p>The button is on = good</p>'.replace('on =', 'on:')])('%s is not', (html) => {
    expect(hasScript(html)).toBe(false);
  });
});

test.each<[name: string, html: string]>([
  ['nested elements', '<div>'.repeat(40_000)], ['one long attribute', `<img src="data:${'a'.repeat(199_000)}">`], ['open metas', '<meta '.repeat(33_000)], ['spaces', `<img src${' '.repeat(199_000)}`], ['references', '&#0000065;'.repeat(20_000)], ['quotes', '"\'on'.repeat(50_000)], ['url(', 'url( '.repeat(40_000)],
])('HTML of 200,000 characters made of %s is read in linear time', (_name, html) => {
  // A pattern that goes back would need minutes here and fail the test by its time.
  expect([typeof hasRemoteContent(html), typeof hasScript(html)]).toEqual(['boolean', 'boolean']);
});
