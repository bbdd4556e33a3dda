import { expect, test } from 'vitest';
import { toArgumentItems } from './argument-items.ts';

test('an e-mail is read as from, to, cc, subject, body, whatever the order of its keys', () => {
  const items = toArgumentItems('send_email', { text: 'Hello\nthere', subject: 'Hi', cc: ['b@example.com'], to: ['a@example.com'] });
  expect(items.map(({ label, kind }) => [label, kind])).toEqual([['To', 'recipients'], ['Cc', 'recipients'], ['Subject', 'line'], ['Text', 'prose']]);
});

test('every argument is shown exactly once, also one the layout does not know', () => {
  const args = { to: ['a@example.com'], subject: 'x', text: 'y', bcc: ['hidden@example.net'], attachments: [{ name: 'a.pdf' }], priority: 3 };
  const items = toArgumentItems('send_email', args);
  expect(items.map(({ key }) => key).toSorted()).toEqual(Object.keys(args).toSorted());
  expect(Object.fromEntries(items.map(({ key, value }) => [key, value]))).toEqual(args);
  expect(items.find(({ key }) => key === 'attachments')?.kind).toBe('json');
});

test('a value of another type than the layout expects is shown as it is', () => {
  const items = toArgumentItems('send_email', { to: { name: 'not a list' }, subject: 'two\nlines', text: 42 });
  expect(items.map(({ key, kind }) => [key, kind])).toEqual([['to', 'json'], ['subject', 'prose'], ['text', 'line']]);
});

test('an empty list is not shown as nothing', () => {
  expect(toArgumentItems('send_email', { to: [] })[0]).toMatchObject({ kind: 'json', value: [] });
});

test('a request is read with its address, its header lines and its body to the last space', () => {
  const items = toArgumentItems('http_request', { body: '{}', headers: { accept: '*/*' }, url: 'https://example.com/', method: 'POST' });
  expect(items.map(({ key, kind }) => [key, kind])).toEqual([['method', 'line'], ['url', 'address'], ['headers', 'headers'], ['body', 'verbatim']]);
});

test.each([
  ['http_request', { url: 'not an address' }, 'line'],
  ['http_request', { headers: {} }, 'json'],
  ['http_request', { headers: { accept: 3 } }, 'json'],
  ['send_email', { attachments: [{ file: 'a.pdf', more: true }] }, 'json'],
  ['send_email', { bcc: ['a@example.com', 3] }, 'json'],
  ['execute_python', { inputs: { rows: 'x' } }, 'json'],
])('what a form of its own would not show whole is shown as it is: %s %j', (toolName, args, kind) => {
  expect(toArgumentItems(toolName, args)[0]?.kind).toBe(kind);
});

test("a tool of somebody else's is read in the order of its schema, under the names of its arguments, with what the schema says of them", () => {
  const schema = { properties: { title: { type: 'string', title: 'Harmless', description: 'Of the issue' }, body: { type: 'string' }, unused: {} } };
  expect(toArgumentItems('mcp_gh_create', { extra_thing: 1, body: 'b', title: 't' }, schema)).toEqual([
    { key: 'title', label: 'title', kind: 'line', value: 't', about: 'Of the issue' }, { key: 'body', label: 'body', kind: 'line', value: 'b' }, { key: 'extra_thing', label: 'extra_thing', kind: 'line', value: 1 },
  ]);
});

test('a tool without any layout or schema shows all its arguments', () => {
  expect(toArgumentItems('constructor', { a: { b: 1 } })).toEqual([{ key: 'a', label: 'a', kind: 'json', value: { b: 1 } }]);
});
