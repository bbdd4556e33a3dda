import { describe, expect, it } from 'vitest';
import { questionOf, setOf } from '../questions.cases.ts';
import { toArgumentFacts } from './argument-facts.ts';

const judge = (cedar: string, args: Record<string, unknown>) => setOf(cedar).judge(questionOf({ facts: { ...toArgumentFacts(args) } }));
const blocksText = (name: string): string => `forbid(principal, action, resource) when { context.arguments.hasTag("${name}") && context.arguments.getTag("${name}") like "evil*" };`;
const blocksNumber = 'forbid(principal, action, resource) when { context.numbers.hasTag("amount") && context.numbers.getTag("amount") >= 1000 };';

describe('an argument that a policy wants', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['stands there twice, the harmless one last', blocksText('a.b'), { a: { b: 'evil' }, 'a.b': 'harmless' }],
    ['stands there twice, the harmless one first', blocksText('a.b'), { 'a.b': 'harmless', a: { b: 'evil' } }],
    ['stands there three times', blocksText('a.b.c'), { 'a.b.c': 'x', 'a.b': { c: 'y' }, a: { 'b.c': 'evil' } }],
    ['stands deeper than is looked', blocksText('a.b.c.d'), { a: { b: { c: { d: 'evil' } } } }],
    ['stands in a list', blocksText('a.b'), { a: [{ b: 'evil' }] }],
    ['stands inside what is named like a secret', blocksText('token.b'), { token: { b: 'evil' } }],
    ['has a name too long to be kept', blocksText('n'.repeat(250)), { ['n'.repeat(250)]: 'evil' }],
    ['is a number where a text is wanted', blocksText('id'), { id: 500 }],
    ['is a text where a number is wanted', blocksNumber, { amount: '5000' }],
    ['is a fraction', blocksNumber, { amount: 5_000.5 }],
    ['has others inside', blocksText('to'), { to: { address: 'evil' } }],
    ['may be any of them, and one cannot be seen', 'forbid(principal, action, resource) when { context.arguments.hasTag(context.risk) };', { '*': 'x', list: ['LOW'] }],
  ])('is asked about where it %s', (_what, cedar, args) => {
    expect(judge(cedar, args)).toMatchObject({ verdict: 'ask', problems: [expect.stringMatching(/argument/)] });
  });

  it('is none where the call has nothing of that name', () => {
    expect(judge(blocksText('a.b'), { a: { c: 'evil' }, ab: 'evil', b: 3, list: ['evil'] })).toMatchObject({ verdict: 'allow', problems: [] });
    expect(judge(blocksText('a.b'), { a: { b: 'evil' } }).verdict).toBe('deny');
  });
});
