import type { PolicyQuestion } from '../policy.ts';
import { findHolding } from '../find-holding.ts';
import { createStatementIndex } from '../statement-index.ts';
import { compilePolicy } from './compile-policy.ts';

/**
 * Names of the facts that the statements of this text about the question's tool read and that the record lacks, although every such call has
 * them today: a recorded decision without them cannot be judged anew. Text that cannot be read needs nothing. For many questions ask
 * `missingFacts` of a set instead.
 */
export function missingFactsOf(cedar: string, question: PolicyQuestion): string[] {
  return [...findHolding(createStatementIndex([{ compiled: compilePolicy(cedar), isApart: false }]), question).problems].filter(([, { isMissing }]) => isMissing).map(([name]) => name);
}
