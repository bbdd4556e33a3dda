import type { ApprovalStatus, DecisionVerdict } from '@contracts/approvals.ts';
import { AppError } from '@contracts/errors.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { formatRelativeTime } from '@/lib/format.ts';

/** How a request ended, after a person's name: "Ana rejected it". */
const deeds: Partial<Record<ApprovalStatus | DecisionVerdict, string>> = {
  approved: 'approved it', approved_with_edits: 'approved it with edits', rejected: 'rejected it', provide_result: 'did it by hand', answer: 'answered it', confirm_happened: 'confirmed that it happened',
};

const textOf = (details: Record<string, unknown> | undefined, name: string): string | undefined => {
  const value = details?.[name];
  return typeof value === 'string' ? value : undefined;
};

/** " 12 seconds ago" by the server's clock; empty where the server did not say when. */
const whenOf = (details: Record<string, unknown> | undefined, name: string, now: number): string => {
  const at = Date.parse(textOf(details, name) ?? '');
  return Number.isNaN(at) ? '' : ` ${formatRelativeTime(at, Math.max(now, at))}`;
};

const describeDecided = (details: Record<string, unknown> | undefined, now: number): string => {
  const status = textOf(details, 'status') as ApprovalStatus | undefined;
  const when = whenOf(details, 'decided_at', now);
  if (status === 'expired') return `Time was up${when}, before your decision arrived. It counts as rejected.`;
  if (status === 'withdrawn') return `The run ended${when}, before your decision arrived.`;
  const deed = [textOf(details, 'verdict'), status].map((what) => deeds[what as keyof typeof deeds]).find((words) => words !== undefined);
  return `${textOf(details, 'decided_by') ?? 'Somebody'} ${deed ?? 'decided it'}${when}.`;
};

const describeChange = (details: Record<string, unknown> | undefined, now: number): string => {
  const by = textOf(details, 'changed_by');
  const fields = details?.['changed_fields'];
  const changed = Array.isArray(fields) && fields.length > 0 ? fields.join(', ') : 'the arguments';
  const what = by === undefined ? 'The request changed after you opened it.' : `${by} changed ${changed}${whenOf(details, 'changed_at', now)}, after you opened it.`;
  return `${what} Read it again before you decide.`;
};

/**
 * Why a decision was refused although it was well-formed: somebody was first, time was up, the run ended, the arguments changed, it is
 * for others to decide. Undefined for any other error. `now` is the server's clock in milliseconds.
 */
export const describeConflict = (error: unknown, now: number): string | undefined => {
  if (!(error instanceof AppError)) return undefined;
  const { code, details } = error;
  switch (code) {
    case 'APPROVAL_STALE': return describeChange(details, now);
    case 'RUN_ENDED': return 'The run ended before your decision arrived.';
    case 'APPROVAL_ALREADY_DECIDED': return describeDecided(details, now);
    // What these say of who and when stands in the server's own sentence.
    case 'APPROVAL_ALREADY_VOTED':
    case 'APPROVAL_NOT_ELIGIBLE':
    case 'APPROVAL_SELF_FORBIDDEN':
    case 'APPROVAL_NOT_EXTENDABLE': return sentenceOf(error);
    default: return undefined;
  }
};

/** Why the server refused an edit. `fields`: what it says of single arguments, by their names. */
export interface RefusedEdit {
  message: string;
  fields: Record<string, string>;
}

/** The argument an issue is about: `edited_arguments.to.0`, or `to.0: Invalid address` of the whole edit. */
const fieldOf = ({ path, message }: { path: string; message: string }): { key: string; message: string } | undefined => {
  const key = /^edited_arguments\.([^.]+)/.exec(path)?.[1];
  if (key !== undefined) return { key, message };
  const [, named, rest] = /^([A-Za-z0-9_-]+)(?:\.[^:]+)?: (.+)$/s.exec(message) ?? [];
  return named === undefined || rest === undefined ? undefined : { key: named, message: rest };
};

/** Why the server refused an edit; undefined for any other error. `keys`: the arguments the form has fields for. */
export const describeRefusedEdit = (error: unknown, keys: readonly string[]): RefusedEdit | undefined => {
  if (!(error instanceof AppError) || error.code !== 'APPROVAL_EDIT_INVALID') return undefined;
  const issues = error instanceof ApiError ? error.fieldIssues : [];
  const fields: Record<string, string> = {};
  const others: string[] = [];
  for (const issue of issues) {
    const field = fieldOf(issue);
    if (field !== undefined && keys.includes(field.key)) fields[field.key] ??= field.message;
    else others.push(issue.message);
  }
  return { message: [error.message, ...others.filter((reason) => !error.message.includes(reason))].join(' '), fields };
};
