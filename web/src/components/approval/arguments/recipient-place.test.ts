import type { ToolFacts } from '@contracts/tools.ts';
import { expect, test } from 'vitest';
import { placeOf } from './recipient-place.ts';

test('a recipient is outside when its domain is among those that are, however it is written', () => {
  const facts = { outside_domains: ['example.net', 'xn--mnchen-3ya.example'], outside_recipient_count: 2, recipient_count: 3 };
  expect(['a@example.com', 'b@EXAMPLE.net', 'c@münchen.example'].map((address) => placeOf(address, facts))).toEqual(['inside', 'outside', 'outside']);
});

test('without the domains it is said only where it holds for all', () => {
  expect(placeOf('a@example.com', { outside_recipient_count: 0, recipient_count: 2 })).toBe('inside');
  expect(placeOf('a@example.com', { outside_recipient_count: 2, recipient_count: 2 })).toBe('outside');
  expect(placeOf('a@example.com', { outside_recipient_count: 1, recipient_count: 2 })).toBeUndefined();
});

test.each<ToolFacts>([{}, { outside_recipient_count: null, recipient_count: 2 }])('where nobody said which domains are the company’s own nothing is said: %j', (facts) => {
  expect(placeOf('a@example.com', facts)).toBeUndefined();
});
