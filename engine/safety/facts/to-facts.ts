import type { ToolFacts } from '../../../contracts/tools.ts';
import { toJsonb } from '../../../db/storable.ts';
import type { Circumstances } from '../circumstances.ts';
import { toArgumentFacts } from './argument-facts.ts';
import { toTaint } from './earlier-texts.ts';

/** What is known of a call before its arguments are: who acts, what the run did so far, when and where. */
export const toCircumstanceFacts = ({ agent, run, environment, at }: Pick<Circumstances, 'agent' | 'run' | 'environment' | 'at'>): ToolFacts => ({ agent, run, environment, at: at.toISOString() });

/** Facts as the ledger gives them back. */
export const toStorable = (facts: Readonly<Record<string, unknown>>): ToolFacts => JSON.parse(toJsonb(facts)) as ToolFacts;

/**
 * Everything the verdict on a call may rest on, as the ledger keeps it: `ofTool` are the facts the tool tells of the call. What is judged is
 * what can be stored, so that judging the record again gives the same.
 */
export function toFacts(ofTool: ToolFacts, args: unknown, circumstances: Circumstances, bodies: readonly string[] = []): ToolFacts {
  return toStorable({ ...ofTool, ...toArgumentFacts(args, bodies), ...toCircumstanceFacts(circumstances), taint: toTaint(circumstances.read, args) });
}
