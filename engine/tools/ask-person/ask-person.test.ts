import { describe, expect, test } from 'vitest';
import { callContext, failureOf } from '../../../tests/support/tools.ts';
import { createAskPersonTool } from './ask-person.ts';

const tool = createAskPersonTool();

describe('asking a person', () => {
  test('takes a question and a few choices, and nothing else', () => {
    expect(tool.argumentsSchema.safeParse({ question: 'Which?', choices: ['a', 'b'] }).success).toBe(true);
    for (const bad of [{}, { question: ' ' }, { question: 'Which?', choices: ['one'] }, { question: 'Which?', to: 'ana' }]) expect(tool.argumentsSchema.safeParse(bad).success).toBe(false);
  });

  test('is told in one line, and its facts hold nothing of the question', () => {
    const args = { question: `Which\n\none? ${'x'.repeat(500)}` };
    expect(tool.effectSentence(args)).toMatch(/^Ask a person: Which one\? x+…$/);
    expect(JSON.stringify(tool.facts(args))).not.toContain('Which');
  });

  test('is never executed: only a person answers', async () => {
    expect((await failureOf(tool.execute({ question: 'Which?' }, callContext()))).code).toBe('TOOL_REFUSED');
  });
});
