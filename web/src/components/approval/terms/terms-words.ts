import { type ApprovalRequest, splitApprover } from '@contracts/approvals.ts';
import { countOf, formatDuration } from '@/lib/format.ts';

type Terms = Pick<ApprovalRequest, 'terms' | 'votes_missing'>;

/** Whom a request is for that names nobody. */
export const anybody = 'Anybody who may decide (approvers and admins)';
const inSentence = 'anybody who may decide';

/** `group:finance` as a reader says it: "the group finance". */
export const wordsOfApprover = (approver: string): string => {
  const { kind, name } = splitApprover(approver);
  if (kind === 'group') return `the group ${name}`;
  return kind === 'role' ? `every ${name}` : name;
};

const joined = (words: readonly string[], last: string): string => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`);

/** Who may decide, in words: "ana@example.com or the group finance". */
export const wordsOfApprovers = (approvers: readonly string[]): string => (approvers.length === 0 ? inSentence : joined(approvers.map(wordsOfApprover), 'or'));

/** One demand with how far it is met. */
export interface Demand {
  /** Null: the plain "one decision" of a request no policy makes demands on. */
  policy: { id: string; name: string } | null;
  who: string;
  quorum: number;
  given: number;
  missing: number;
}

/** Every demand of a request; all of them must be met. */
export const demandsOf = ({ terms, votes_missing: missing }: Terms): Demand[] => {
  if (terms.requirements.length === 0) return [{ policy: null, who: inSentence, quorum: 1, given: 1 - (missing[0] ?? 1), missing: missing[0] ?? 1 }];
  return terms.requirements.map(({ policy_id: id, policy_name: name, approvers, quorum }, index) => {
    const left = missing[index] ?? quorum;
    return { policy: { id, name }, who: wordsOfApprovers(approvers), quorum, given: Math.max(0, quorum - left), missing: left };
  });
};

/** Whether more than one person has to say yes. */
export const needsSeveral = (request: Terms): boolean => {
  const demands = demandsOf(request);
  return demands.length > 1 || demands.some(({ quorum }) => quorum > 1);
};

/** "1 of 2 approvals". */
export const progressOf = ({ given, quorum }: Pick<Demand, 'given' | 'quorum'>): string => `${given} of ${countOf(quorum, 'approval')}`;

/** What is still needed: "1 more of the group finance"; undefined when nothing is. */
export const sentenceOfMissing = (request: Terms): string | undefined => {
  const open = demandsOf(request).filter(({ missing }) => missing > 0);
  return open.length === 0 ? undefined : joined(open.map(({ missing, who }) => `${missing} more from ${who}`), 'and');
};

/** What a yes that left a request open has come to: "Recorded: 1 of 2 approvals, waiting for 1 more from …". */
export const sentenceOfVote = (request: Terms): string => {
  const progress = demandsOf(request).map(progressOf).join(' and ');
  const missing = sentenceOfMissing(request);
  return `Recorded: ${progress}${missing === undefined ? '' : `, waiting for ${missing}`}.`;
};

/** A span of the terms in words: "4 h 00 m" is for clocks, this is "4 hours". */
export const spanOf = (seconds: number): string => {
  for (const [unit, size] of [['day', 86_400], ['hour', 3_600], ['minute', 60]] as const) {
    if (seconds >= size && seconds % size === 0) return countOf(seconds / size, unit);
  }
  return formatDuration(seconds * 1_000);
};

/** Names of the policies that asked, for "locked by …"; those of old verdicts have none. */
export const askingPolicies = ({ matched_rules: rules }: Pick<ApprovalRequest, 'matched_rules'>): string =>
  joined(rules.filter(({ effect }) => effect === undefined || effect === 'ask').map(({ name, id }) => name ?? id), 'and');
