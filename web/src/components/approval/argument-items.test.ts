import { expect, test } from 'vitest';
import { toArgumentItems } from './argument-items.ts';

test('an e-mail is read as from, to, cc, subject, body, whatever the order of its keys', () => {
  const items = toArgumentItems('send_email', { text: 'Hello\nthere', subject: 'Hi', cc: ['b@example.com'], to: ['a@example.com'] });
  expect(items.map(({ label, kind }) => [label, kind])).toEqual([['To', 'list'], ['Cc', 'list'], ['Subject', 'line'], ['Body', 'prose']]);
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
