import { type ApprovalRequirement, type ApprovalTerms, splitApprover } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Decider } from '../../notices/index.ts';
import { withEscalations } from '../../safety/index.ts';
import type { Approver, Electorate } from './electorate.ts';

/** What decides who may decide a request. */
export interface Ballot {
  terms: ApprovalTerms;
  /** How many steps of the escalation have been taken. */
  escalationLevel: number;
  /** Who started the run; null: nobody of this system, or nobody knows any more. */
  startedBy: string | null;
}

/** A yes, by somebody in their own right or in the seat of somebody absent. */
export interface Vote {
  userId: string;
  onBehalfOf: string | null;
}

/** Terms of a request older than terms: one decision by anybody who may decide. */
export const plainTerms: ApprovalTerms = {
  requirements: [], forbids_self_approval: false, expires_after_seconds: null, extendable_to_seconds: null, reminder_after_seconds: null, escalations: [], editable_fields: null,
};

const anybody: ApprovalRequirement = { policy_id: '', policy_name: '', approvers: [], quorum: 1 };

/** Steps of the escalation that have been taken. */
const takenSteps = ({ terms, escalationLevel }: Pick<Ballot, 'terms' | 'escalationLevel'>): ApprovalTerms['escalations'] =>
  terms.escalations.toSorted((left, right) => left.after_seconds - right.after_seconds).slice(0, escalationLevel);

/** Approvers that escalation has added so far. */
export const escalatedApprovers = (ballot: Pick<Ballot, 'terms' | 'escalationLevel'>): string[] => [...new Set(takenSteps(ballot).flatMap(({ approvers }) => approvers))];

/** The demands of a ballot, each with whom its own policy's escalation added; one decision by anybody where there are none. */
export function requirementsOf(ballot: Ballot): ApprovalRequirement[] {
  return ballot.terms.requirements.length === 0 ? [anybody] : withEscalations(ballot.terms, takenSteps(ballot));
}

/** Whether a name of the terms (`role:approver`, `user:ana@example.com`, `group:finance`) is this person's. */
export function isNamedBy(person: Approver, approver: string): boolean {
  const { kind, name } = splitApprover(approver);
  if (kind === 'role') return person.role === name;
  if (kind === 'group') return person.groups.has(name);
  return person.id === name || person.email.toLowerCase() === name.toLowerCase();
}

const meets = (person: Approver, { approvers }: ApprovalRequirement): boolean => approvers.length === 0 || approvers.some((approver) => isNamedBy(person, approver));
const isInvolved = ({ terms, startedBy }: Ballot, ids: readonly string[]): boolean => terms.forbids_self_approval && startedBy !== null && ids.includes(startedBy);

/** The person whose seat a vote takes, while it may take it; undefined once it counts no longer. */
function seatOf({ people, absentOf }: Electorate, { userId, onBehalfOf }: Vote): Approver | undefined {
  const voter = people.get(userId);
  if (voter === undefined || onBehalfOf === null) return voter;
  return absentOf.get(userId)?.find(({ id }) => id === onBehalfOf);
}

/** Seats a person could vote from, their own first; whoever started the run is not asked here. */
function seatsOf({ people, absentOf }: Electorate, ballot: Ballot, userId: string): Approver[] {
  const person = people.get(userId);
  if (person === undefined) return [];
  const requirements = requirementsOf(ballot);
  return [person, ...(absentOf.get(userId) ?? [])].filter((seat) => requirements.some((requirement) => meets(seat, requirement)));
}

/** Those of a person's seats a yes may come from: neither they nor whose seat it is started the run, where that counts. */
const permittedSeatsOf = (electorate: Electorate, ballot: Ballot, userId: string): Approver[] =>
  seatsOf(electorate, ballot, userId).filter((seat) => !isInvolved(ballot, [userId, seat.id]));

export interface Count {
  /** In the order of the votes: whether each counts now. */
  counts: boolean[];
  /** Ids of the seats that are taken. */
  taken: ReadonlySet<string>;
  /** How many more each requirement needs, in their order. */
  missing: number[];
}

/**
 * Counts the yeses by what people may now: somebody who was disabled, left the group, or stands in for nobody any more counts no
 * longer. Each seat counts once, whoever sits in it; one person's yes counts for every requirement their seat meets.
 */
export function countVotes(electorate: Electorate, ballot: Ballot, votes: readonly Vote[]): Count {
  const requirements = requirementsOf(ballot);
  const seats = new Map<string, Approver>();
  const voters = new Set<string>();
  const counts = votes.map((vote) => {
    const seat = seatOf(electorate, vote);
    if (seat === undefined || seats.has(seat.id) || voters.has(vote.userId) || isInvolved(ballot, [vote.userId, seat.id]) || !requirements.some((requirement) => meets(seat, requirement))) return false;
    seats.set(seat.id, seat);
    voters.add(vote.userId);
    return true;
  });
  const taken = [...seats.values()];
  return {
    counts,
    taken: new Set(seats.keys()),
    missing: requirements.map((requirement) => Math.max(0, requirement.quorum - taken.filter((seat) => meets(seat, requirement)).length)),
  };
}

/** Whether nothing is missing any more. */
export const isMet = ({ missing }: Pick<Count, 'missing'>): boolean => missing.every((more) => more === 0);

const word = (approver: string): string => {
  const { kind, name } = splitApprover(approver);
  return kind === 'role' ? `everybody with the role ${name}` : kind === 'group' ? `the group ${name}` : name;
};

/** Who may decide, in words. */
export function describeApprovers(ballot: Ballot): string {
  const demands = requirementsOf(ballot).map(({ approvers, quorum }) => {
    const who = approvers.length === 0 ? 'everybody who may decide' : [...new Set(approvers)].map(word).join(', ');
    return quorum > 1 ? `${quorum} of: ${who}` : who;
  });
  return [...new Set(demands)].join('; and ');
}

/** Where somebody stands on a request: whether the terms let them decide, and in whose seat. */
export type Standing = { isEligible: true; onBehalfOf: Approver | null } | { isEligible: false };

/** Whether somebody may reject, extend, or otherwise act on a request, in their own right or for somebody absent. */
export function standingOf(electorate: Electorate, ballot: Ballot, userId: string): Standing {
  const [seat] = seatsOf(electorate, ballot, userId);
  return seat === undefined ? { isEligible: false } : { isEligible: true, onBehalfOf: seat.id === userId ? null : seat };
}

/** The refusal of somebody the terms do not name. */
export const notEligible = (ballot: Ballot): AppError =>
  new AppError('APPROVAL_NOT_ELIGIBLE', `This is decided by ${describeApprovers(ballot)}.`, { details: { may_decide: requirementsOf(ballot).map(({ policy_name: policy, approvers, quorum }) => ({ policy, approvers, quorum })) } });

/**
 * The seat somebody's yes takes: the free one that brings the request furthest, their own before others'. Throws
 * APPROVAL_NOT_ELIGIBLE (saying who may), APPROVAL_SELF_FORBIDDEN (they, or everybody they stand in for, started the run) and
 * APPROVAL_ALREADY_VOTED.
 */
export function chooseSeat(electorate: Electorate, ballot: Ballot, votes: readonly Vote[], userId: string): Vote {
  const seats = seatsOf(electorate, ballot, userId);
  if (seats.length === 0) throw notEligible(ballot);
  const permitted = permittedSeatsOf(electorate, ballot, userId);
  if (permitted.length === 0) throw new AppError('APPROVAL_SELF_FORBIDDEN');
  const { taken, counts, missing } = countVotes(electorate, ballot, votes);
  if (votes.some((vote, index) => vote.userId === userId && counts[index] === true)) throw new AppError('APPROVAL_ALREADY_VOTED');
  const free = permitted.filter((seat) => !taken.has(seat.id));
  if (free.length === 0) {
    const names = permitted.map(({ id, name }) => (id === userId ? 'you' : name)).join(' and ');
    throw new AppError('APPROVAL_ALREADY_VOTED', `It has been approved for ${names} already; somebody else has to as well.`);
  }
  const requirements = requirementsOf(ballot);
  const gain = (seat: Approver): number => requirements.filter((requirement, index) => (missing[index] ?? 0) > 0 && meets(seat, requirement)).length;
  const best = free.reduce((left, right) => (gain(right) > gain(left) ? right : left));
  return { userId, onBehalfOf: best.id === userId ? null : best.id };
}

/** Whether a yes settles at once whoever gives it: nobody is named, one is enough, and nobody is kept from it. */
export const isOpenToAll = (ballot: Ballot): boolean => !ballot.terms.forbids_self_approval && requirementsOf(ballot).every(({ approvers, quorum }) => approvers.length === 0 && quorum === 1);

/** Whether it takes people whom no demand names: where none names any, or more are asked for than any that does. */
function takesUnnamed(ballot: Ballot): boolean {
  const { named = [], unnamed = [] } = Object.groupBy(requirementsOf(ballot), ({ approvers }) => (approvers.length === 0 ? 'unnamed' : 'named'));
  const most = (requirements: readonly ApprovalRequirement[]): number => Math.max(0, ...requirements.map(({ quorum }) => quorum));
  return most(unnamed) > most(named);
}

/**
 * Whether a request concerns a person, whichever way they would hear of it: they may decide it, and it names them (by name, group or
 * role, now or by escalation) or somebody they stand in for. One that takes people it does not name concerns everybody who may decide it
 * but those who left that to somebody while away, and these too where nobody else is there.
 */
export function concerns(electorate: Electorate, ballot: Ballot, userId: string): boolean {
  const seats = permittedSeatsOf(electorate, ballot, userId);
  if (seats.length === 0) return false;
  const names = requirementsOf(ballot).flatMap(({ approvers }) => approvers);
  if (seats.some((seat) => names.some((name) => isNamedBy(seat, name)))) return true;
  if (!takesUnnamed(ballot)) return false;
  const away = new Set([...electorate.absentOf.values()].flat().map(({ id }) => id));
  return !away.has(userId) || ![...electorate.people.keys()].some((id) => !away.has(id) && permittedSeatsOf(electorate, ballot, id).length > 0);
}

/** Everybody who may decide a request, for those who tell them of it. */
export const decidersOf = (electorate: Electorate, ballot: Ballot): Decider[] =>
  [...electorate.people.keys()]
    .filter((userId) => permittedSeatsOf(electorate, ballot, userId).length > 0)
    .map((userId) => ({ userId, isConcerned: concerns(electorate, ballot, userId) }));

/** Whether a yes of this person would be taken now, in whose seat, or why not. */
export function mayApprove(electorate: Electorate, ballot: Ballot, votes: readonly Vote[], userId: string): { reason: string | null; onBehalfOf: Approver | null } {
  try {
    const { onBehalfOf } = chooseSeat(electorate, ballot, votes, userId);
    return { reason: null, onBehalfOf: onBehalfOf === null ? null : (electorate.people.get(onBehalfOf) ?? null) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { reason: error.message, onBehalfOf: null };
  }
}
