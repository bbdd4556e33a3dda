// The rules of approvals once more, written apart from the product and as plainly as can be: one request for a payment, four people.
import type { ApprovalStatus, ApprovalTerms } from '../../contracts/approvals.ts';
import { demand, termsWith } from './approvals.ts';

export const names = ['ana', 'ben', 'cem', 'dora'] as const;
export type Name = (typeof names)[number];
/** Dora is an admin; who may delegate to whom is fixed. */
export const absentOf: Record<Name, Name | undefined> = { ana: 'dora', ben: undefined, cem: 'ana', dora: 'ben' };

const demands = {
  anybody: [], finance: [demand(['group:finance'])], 'two of finance': [demand(['group:finance'], 2)], 'any two': [demand([], 2)],
  'finance and an admin': [demand(['group:finance']), demand(['role:admin'], 1, 'legal')],
} satisfies Record<string, ApprovalTerms['requirements']>;
export const kindsOfTerms = Object.keys(demands) as (keyof typeof demands)[];
export interface TermsOption {
  demands: keyof typeof demands;
  isSelfForbidden: boolean;
  isFixed: boolean;
}
export const toTerms = (option: TermsOption): ApprovalTerms => termsWith({ requirements: demands[option.demands], forbids_self_approval: option.isSelfForbidden, editable_fields: option.isFixed ? [] : null });

export interface Setup {
  /** Of amounts up to 100, and above; 10 and less nobody is asked about, above 1,000 is denied. */
  small: TermsOption;
  large: TermsOption;
  startedBy: Name | null;
  /** Who stands in for somebody from the start. */
  delegated: readonly Name[];
}

export type Action =
  | { do: 'approve' | 'reject' | 'provide_result' | 'answer'; by: Name; door: 'api' | 'bulk'; isSeen: boolean }
  | { do: 'edit'; by: Name; amount: 5 | 50 | 60 | 500 | 5_000; isSeen: boolean }
  | { do: 'extend'; by: Name }
  | { do: 'signal'; verdict: 'approve' | 'reject' }
  | { do: 'pass_expiry' | 'tend' | 'end_run' }
  | { do: 'toggle_group' | 'toggle_disabled' | 'toggle_delegation'; who: Name };

export interface State {
  setup: Setup;
  status: ApprovalStatus;
  version: number;
  amount: number;
  isEdited: boolean;
  votes: { by: Name; seat: Name }[];
  isPast: boolean;
  isExtended: boolean;
  inFinance: Set<Name>;
  disabled: Set<Name>;
  /** Delegates whose absent person has delegated to them. */
  delegated: Set<Name>;
}

export const initialState = (setup: Setup): State => ({
  setup, status: 'pending', version: 1, amount: 50, isEdited: false, votes: [], isPast: false, isExtended: false, inFinance: new Set(['ana', 'ben']), disabled: new Set(), delegated: new Set(setup.delegated),
});

const optionOf = ({ setup }: State, amount: number): TermsOption => (amount > 100 ? setup.large : setup.small);

/** How many yeses each demand needs, and whose count for it. */
function groupsOf(state: State, option: TermsOption): { need: number; has: (name: Name) => boolean }[] {
  const isFinance = (name: Name): boolean => state.inFinance.has(name);
  switch (option.demands) {
    case 'anybody': return [{ need: 1, has: () => true }];
    case 'any two': return [{ need: 2, has: () => true }];
    case 'finance': return [{ need: 1, has: isFinance }];
    case 'two of finance': return [{ need: 2, has: isFinance }];
    case 'finance and an admin': return [{ need: 1, has: isFinance }, { need: 1, has: (name) => name === 'dora' }];
  }
}

function seatsOf(state: State, option: TermsOption, by: Name): Name[] {
  if (state.disabled.has(by)) return [];
  const absent = absentOf[by];
  const seats = absent !== undefined && state.delegated.has(by) && !state.disabled.has(absent) ? [by, absent] : [by];
  return seats.filter((seat) => groupsOf(state, option).some(({ has }) => has(seat)));
}

const isSelf = ({ setup }: State, option: TermsOption, ...involved: Name[]): boolean => option.isSelfForbidden && setup.startedBy !== null && involved.includes(setup.startedBy);

const counting = (state: State, option: TermsOption, votes: State['votes']): State['votes'] =>
  votes.filter(({ by, seat }, index) => seatsOf(state, option, by).includes(seat) && !isSelf(state, option, by, seat) && !votes.slice(0, index).some((other) => other.seat === seat && seatsOf(state, option, other.by).includes(seat)));

const missing = (state: State, option: TermsOption, votes: State['votes']): number[] =>
  groupsOf(state, option).map(({ need, has }) => Math.max(0, need - counting(state, option, votes).filter(({ seat }) => has(seat)).length));

type Chosen = { seat: Name } | { refusal: string };

function choose(state: State, option: TermsOption, votes: State['votes'], by: Name): Chosen {
  const seats = seatsOf(state, option, by);
  if (seats.length === 0) return { refusal: 'APPROVAL_NOT_ELIGIBLE' };
  const permitted = seats.filter((seat) => !isSelf(state, option, by, seat));
  if (permitted.length === 0) return { refusal: 'APPROVAL_SELF_FORBIDDEN' };
  const counted = counting(state, option, votes);
  const free = permitted.filter((seat) => !counted.some((vote) => vote.seat === seat));
  if (free.length === 0 || counted.some((vote) => vote.by === by)) return { refusal: 'APPROVAL_ALREADY_VOTED' };
  const open = missing(state, option, votes);
  const gain = (seat: Name): number => groupsOf(state, option).filter(({ has }, index) => (open[index] ?? 0) > 0 && has(seat)).length;
  return { seat: free.toSorted((left, right) => gain(right) - gain(left))[0] as Name };
}

function vote(state: State, by: Name, seat: Name): void {
  const mine = state.votes.find((one) => one.by === by);
  if (mine === undefined) state.votes.push({ by, seat });
  else mine.seat = seat;
}

const settle = (state: State, status: ApprovalStatus): string => (state.status = status);

function approve(state: State, by: Name): string {
  const option = optionOf(state, state.amount);
  const chosen = choose(state, option, state.votes, by);
  if ('refusal' in chosen) return chosen.refusal;
  vote(state, by, chosen.seat);
  return missing(state, option, state.votes).every((more) => more === 0) ? settle(state, state.isEdited ? 'approved_with_edits' : 'approved') : 'pending';
}

function edit(state: State, by: Name, amount: number): string {
  if (amount === state.amount) return approve(state, by);
  const before = optionOf(state, state.amount);
  const now = choose(state, before, [], by);
  if ('refusal' in now) return now.refusal;
  if (before.isFixed || amount > 1_000) return 'APPROVAL_EDIT_INVALID';
  const after = optionOf(state, amount);
  const chosen: Chosen = amount <= 10 ? now : choose(state, after, [], by);
  if ('seat' in chosen && (amount <= 10 || missing(state, after, [{ by, seat: chosen.seat }]).every((more) => more === 0))) {
    vote(state, by, chosen.seat);
    return settle(state, 'approved_with_edits');
  }
  Object.assign(state, { version: state.version + 1, amount, isEdited: true, isExtended: false, votes: 'seat' in chosen ? [{ by, seat: chosen.seat }] : [] });
  return 'pending';
}

/** Adds or takes away; nobody is told anything. */
function toggle(set: Set<Name>, name: Name): string {
  if (!set.delete(name)) set.add(name);
  return '';
}

/**
 * Does one action to the state and says what whoever did it is told: a status, a code of refusal, or nothing.
 * @param seenVersion what they had before them.
 */
export function apply(state: State, action: Action, seenVersion: number): string {
  const isOpen = state.status === 'pending';
  switch (action.do) {
    case 'toggle_group': return toggle(state.inFinance, action.who);
    case 'toggle_disabled': return toggle(state.disabled, action.who);
    case 'toggle_delegation': return toggle(state.delegated, action.who);
    case 'pass_expiry': {
      state.isPast ||= isOpen;
      return '';
    }
    case 'tend': {
      if (isOpen && state.isPast) settle(state, 'expired');
      return '';
    }
    case 'end_run': {
      if (isOpen) settle(state, 'withdrawn');
      return '';
    }
    case 'signal': {
      const { demands: kind, isSelfForbidden } = optionOf(state, state.amount);
      if (!isOpen || state.isPast || (action.verdict === 'approve' && (kind !== 'anybody' || isSelfForbidden))) return '';
      settle(state, action.verdict === 'reject' ? 'rejected' : state.isEdited ? 'approved_with_edits' : 'approved');
      return '';
    }
    case 'extend': {
      if (!isOpen || state.isPast) return 'APPROVAL_ALREADY_DECIDED';
      if (seatsOf(state, optionOf(state, state.amount), action.by).length === 0) return 'APPROVAL_NOT_ELIGIBLE';
      if (state.isExtended) return 'APPROVAL_NOT_EXTENDABLE';
      state.isExtended = true;
      return 'extended';
    }
    default: {
      const isBulk = action.do !== 'edit' && action.door === 'bulk';
      if (isBulk && action.do === 'approve' && state.isEdited) return 'APPROVAL_BULK_REFUSED';
      if (!isOpen) return 'APPROVAL_ALREADY_DECIDED';
      if ((action.isSeen || isBulk) && seenVersion !== state.version) return 'APPROVAL_STALE';
      const isPlainYes = action.do === 'approve' || (action.do === 'edit' && action.amount === state.amount);
      if (isPlainYes && !action.isSeen && !isBulk && state.version > 1) return 'APPROVAL_STALE';
      if (action.do === 'answer') return 'APPROVAL_KIND_MISMATCH';
      if (state.isPast) return 'APPROVAL_ALREADY_DECIDED';
      if (action.do === 'edit') return edit(state, action.by, action.amount);
      if (action.do === 'approve') return approve(state, action.by);
      if (action.do === 'reject') return seatsOf(state, optionOf(state, state.amount), action.by).length === 0 ? 'APPROVAL_NOT_ELIGIBLE' : settle(state, 'rejected');
      const chosen = choose(state, optionOf(state, state.amount), [], action.by);
      return 'refusal' in chosen ? chosen.refusal : settle(state, 'approved');
    }
  }
}
