import { expect, test } from 'vitest';
import { callWith, emptyCall, readCall, switchMode } from './call-draft.ts';

const parameters = { type: 'object', properties: { subject: { type: 'string' }, count: { type: 'integer' } }, required: ['subject'] };

test('fields and JSON are the same call, with its types', () => {
  const typed = { ...emptyCall, typed: { subject: 'Hello', count: '3' } };
  expect(readCall(parameters, typed)).toEqual({ ok: true, args: { subject: 'Hello', count: 3 } });
  const json = switchMode(parameters, typed);
  expect(JSON.parse(json?.json ?? '')).toEqual({ subject: 'Hello', count: 3 });
  expect(json === undefined ? undefined : readCall(parameters, switchMode(parameters, json) ?? emptyCall)).toEqual({ ok: true, args: { subject: 'Hello', count: 3 } });
});

test('what cannot be read is said where it stands, and JSON that is none does not become fields', () => {
  expect(readCall(parameters, { ...emptyCall, typed: { subject: 'a', count: 'x' } })).toEqual({ ok: false, messages: { count: 'Enter a number.' } });
  const broken = { ...emptyCall, mode: 'json' as const, json: '{"a":' };
  expect(readCall(parameters, broken)).toMatchObject({ ok: false, messages: { json: expect.any(String) } });
  expect(switchMode(parameters, broken)).toBeUndefined();
});

test('a recorded call is tried as it was, arguments outside the schema included', () => {
  expect(readCall(parameters, callWith({ subject: 'Hi', extra: { a: 1 } }))).toEqual({ ok: true, args: { subject: 'Hi', extra: { a: 1 } } });
});
