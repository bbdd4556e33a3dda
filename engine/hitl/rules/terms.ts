import type { ApprovalTerms } from '../../../contracts/approvals.ts';
import type { ApprovalRequestRow } from '../../../db/repositories/approvals.repository.ts';
import { type Ballot, plainTerms } from './eligibility.ts';

/** The terms of a request; of one older than terms, what they would have been. */
export const termsOf = ({ terms, forbids_self_approval: forbids }: Pick<ApprovalRequestRow, 'terms' | 'forbids_self_approval'>): ApprovalTerms => terms ?? { ...plainTerms, forbids_self_approval: forbids };

export const ballotOf = (request: Pick<ApprovalRequestRow, 'terms' | 'forbids_self_approval' | 'escalation_level'>, run: { started_by: string | null }): Ballot => ({
  terms: termsOf(request), escalationLevel: request.escalation_level, startedBy: run.started_by,
});

const after = (start: Date, seconds: number): Date => new Date(start.getTime() + seconds * 1_000);

/** Up to when the expiry of an open request may be moved; undefined: not (any further). */
export function extendableUntil(request: Pick<ApprovalRequestRow, 'terms' | 'forbids_self_approval' | 'status' | 'requested_at' | 'expires_at'>): Date | undefined {
  const { extendable_to_seconds: seconds } = termsOf(request);
  if (request.status !== 'pending' || seconds === null || request.expires_at === null) return undefined;
  const until = after(request.requested_at, seconds);
  return until > request.expires_at ? until : undefined;
}

/** What the clock will do to an open request, by when. */
export interface Timetable {
  reminderAt: Date | undefined;
  /** Of the escalation steps not taken yet, in their order. */
  escalationsAt: Date[];
  expiresAt: Date | undefined;
}

/** The timetable of a request; seconds of the terms count from the request. */
export function timetableOf(request: Pick<ApprovalRequestRow, 'terms' | 'forbids_self_approval' | 'requested_at' | 'expires_at' | 'escalation_level' | 'reminded_at'>): Timetable {
  const terms = termsOf(request);
  return {
    reminderAt: request.reminded_at === null && terms.reminder_after_seconds !== null ? after(request.requested_at, terms.reminder_after_seconds) : undefined,
    escalationsAt: terms.escalations.map(({ after_seconds: seconds }) => seconds).toSorted((left, right) => left - right).slice(request.escalation_level).map((seconds) => after(request.requested_at, seconds)),
    expiresAt: request.expires_at ?? undefined,
  };
}

/** When somebody has to look at an open request next; null: never. */
export function wakeAtMs(request: Parameters<typeof timetableOf>[0]): number | null {
  const { reminderAt, escalationsAt, expiresAt } = timetableOf(request);
  const times = [reminderAt, escalationsAt[0], expiresAt].filter((time) => time !== undefined).map((time) => time.getTime());
  return times.length === 0 ? null : Math.min(...times);
}
