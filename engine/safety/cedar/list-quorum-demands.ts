import type { PolicyIssue } from '../../../contracts/policies.ts';
import { createAnnotationFinder } from './annotation-places.ts';
import { compilePolicy } from './compile-policy.ts';

/** So many people of these a statement wants. `approvers` empty: anybody who may decide. */
export interface QuorumDemand {
  quorum: number;
  approvers: string[];
  /** Where the number stands. */
  place: Pick<PolicyIssue, 'line' | 'column' | 'end_line' | 'end_column'>;
}

/** The statements that want more than one person, in their order; of text that does not parse none. */
export function listQuorumDemands(cedar: string): QuorumDemand[] {
  const compiled = compilePolicy(cedar);
  if (!compiled.ok) return [];
  const placeOf = createAnnotationFinder(cedar, compiled.statements);
  return compiled.statements.flatMap((statement): QuorumDemand[] => {
    const { quorum, approvers } = statement.terms;
    return quorum === null || quorum < 2 ? [] : [{ quorum, approvers, place: placeOf(statement, 'quorum') }];
  });
}
