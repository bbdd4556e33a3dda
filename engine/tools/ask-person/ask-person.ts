import { z } from 'zod';
import { AppError } from '../../../contracts/errors.ts';
import { toLine } from '../../../platform/shorten.ts';
import type { Tool } from '../tool.ts';

export const askPersonArgumentsSchema = z.strictObject({
  question: z.string().trim().min(1).max(4_000).describe('What you want to know, with all a person needs to answer it: they have not read this conversation.'),
  choices: z.array(z.string().trim().min(1).max(200)).min(2).max(10).optional().describe('Answers to choose from, where there are only a few. The person may still answer in their own words.'),
});
export type AskPersonArguments = z.infer<typeof askPersonArgumentsSchema>;

/**
 * The tool that asks a person. Its outcome `{answer, answered_by}` is written by whoever settles the request; nothing is executed. Its
 * facts leave the question out: it may hold anything.
 */
export const createAskPersonTool = (): Tool<AskPersonArguments> => ({
  name: 'ask_person',
  description: 'Asks a person a question and waits for the answer, which may take hours. For what only people know or may decide; never for what another tool can find out.',
  argumentsSchema: askPersonArgumentsSchema,
  asksPerson: true,
  defaultRisk: 'LOW',
  risk: () => 'LOW',
  defaultEffect: 'none',
  effect: () => 'none',
  missingConfiguration: null,
  timeoutMs: 10_000,
  facts: ({ choices }) => ({ choice_count: choices?.length ?? 0 }),
  effectSentence: ({ question }) => `Ask a person: ${toLine(question, 200)}`,
  execute: async () => {
    throw new AppError('TOOL_REFUSED', 'Only a person can answer this.');
  },
});
