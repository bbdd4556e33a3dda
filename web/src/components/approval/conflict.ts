import type { ApprovalStatus } from '@contracts/approvals.ts';
import { AppError } from '@contracts/errors.ts';
import { ApiError } from '@/lib/api-error.ts';
import { formatRelativeTime } from '@/lib/format.ts';

/** How a request ended, after a person's name: "Ana rejected it". */
const deeds: Partial<Record<ApprovalStatus, string>> = { approved: 'approved it', approved_with_edits: 'approved it with edits', rejected: 'rejected it' };

const textOf = (details: Record<string, unknown> | undefined, name: string): string | undefined => {
  const value = details?.[name];
  return typeof value === 'string' ? value : undefined;
};

/**
 * Why a decision was refused although it was well-formed: somebody was first, time was up, the run ended, the arguments
 * changed. Undefined for any other error. `now` is the server's clock in milliseconds.
 */
export const describeConflict = (error: unknown, now: number): string | undefined => {
  if (!(error instanceof AppError)) return undefined;
  const { code, details } = error;
  if (code === 'APPROVAL_STALE') return 'The request changed after you opened it. Read it again before you decide.';
  if (code === 'RUN_ENDED') return 'The run ended before your decision arrived.';
  if (code !== 'APPROVAL_ALREADY_DECIDED') return undefined;
  const status = textOf(details, 'status') as ApprovalStatus | undefined;
  const at = Date.parse(textOf(details, 'decided_at') ?? '');
  const when = Number.isNaN(at) ? '' : ` ${formatRelativeTime(at, Math.max(now, at))}`;
  if (status === 'expired') return `Time was up${when}, before your decision arrived. It counts as rejected.`;
  if (status === 'withdrawn') return `The run ended${when}, before your decision arrived.`;
  return `${textOf(details, 'decided_by') ?? 'Somebody'} ${(status === undefined ? undefined : deeds[status]) ?? 'decided it'}${when}.`;
};

/** Why the server refused an edit, with what it says about the fields; undefined for any other error. */
export const describeRefusedEdit = (error: unknown): string | undefined => {
  if (!(error instanceof AppError) || error.code !== 'APPROVAL_EDIT_INVALID') return undefined;
  const reasons = error instanceof ApiError ? error.fieldIssues.map(({ message }) => message) : [];
  return [error.message, ...reasons.filter((reason) => !error.message.includes(reason))].join(' ');
};
