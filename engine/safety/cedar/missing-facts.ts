import type { PolicyQuestion } from '../policy.ts';

/**
 * Names of the facts that the statements of this text about the question's tool read and that the record lacks, although every such call has
 * them today: a recorded decision without them cannot be judged anew. Text that cannot be read needs nothing.
 */
export function missingFactsOf(_cedar: string, _question: PolicyQuestion): string[] {
  return [];
}
