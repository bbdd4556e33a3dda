import type { ApprovalRequest } from '@contracts/approvals.ts';

/** What an agent asks, and the answers it offers; undefined where the call is of another form. */
export const questionOf = ({ arguments: args }: Pick<ApprovalRequest, 'arguments'>): { text: string; choices: string[] } | undefined => {
  const { question, choices } = args;
  if (typeof question !== 'string') return undefined;
  return { text: question, choices: Array.isArray(choices) ? [...new Set(choices.filter((choice) => typeof choice === 'string' && choice.trim() !== ''))] as string[] : [] };
};
