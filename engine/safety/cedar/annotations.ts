import { approverSchema } from '../../../contracts/approvals.ts';
import type { PolicyTerms } from '../../../contracts/policies.ts';
import type { PolicyWords } from '../../../contracts/policy-words.ts';
import { formatDuration, parseDuration } from './durations.ts';

/** What the annotations of a statement say; null: nothing. */
export interface StatementTerms {
  reason: string | null;
  approvers: string[];
  quorum: number | null;
  expires: number | 'never' | null;
  extendable: number | null;
  reminder: number | null;
  escalations: { after_seconds: number; approvers: string[] }[];
  forbidsSelfApproval: boolean;
  editable: string[] | null;
}

/** What is wrong with an annotation. */
export interface AnnotationIssue {
  annotation: string;
  severity: 'error' | 'warning';
  message: string;
  hint: string | null;
}

const noTerms: StatementTerms = { reason: null, approvers: [], quorum: null, expires: null, extendable: null, reminder: null, escalations: [], forbidsSelfApproval: false, editable: null };

const maxSeconds = 30 * 86_400;
const maxQuorum = 20;
const maxPeople = 20;
const maxEscalations = 5;
const maxFields = 50;
const maxReason = 500;

class BadValue extends Error {}

const listOf = (value: string): string[] => value.split(',').map((item) => item.trim()).filter((item) => item !== '');

function toApprovers(value: string): string[] {
  const approvers = [...new Set(listOf(value))];
  if (approvers.length === 0) throw new BadValue('names nobody');
  if (approvers.length > maxPeople) throw new BadValue(`names more than ${maxPeople}`);
  const wrong = approvers.find((approver) => !approverSchema.safeParse(approver).success);
  if (wrong !== undefined) throw new BadValue(`does not know "${wrong.slice(0, 100)}"`);
  return approvers;
}

function toSeconds(value: string, least: number): number {
  const seconds = parseDuration(value);
  if (seconds === undefined) throw new BadValue(`is no time: "${value.slice(0, 60)}"`);
  if (seconds < least || seconds > maxSeconds) throw new BadValue(`must be from ${formatDuration(least)} to ${formatDuration(maxSeconds)}`);
  return seconds;
}

function toEscalations(value: string): StatementTerms['escalations'] {
  const steps = value.split(';').map((step) => step.trim()).filter((step) => step !== '');
  if (steps.length === 0 || steps.length > maxEscalations) throw new BadValue(`has ${steps.length} steps; 1 to ${maxEscalations} are possible`);
  return steps.map((step) => {
    const colon = step.indexOf(':');
    if (colon < 0) throw new BadValue(`has a step without a time: "${step.slice(0, 60)}"`);
    return { after_seconds: toSeconds(step.slice(0, colon), 5), approvers: toApprovers(step.slice(colon + 1)) };
  });
}

const peopleHint = 'Name them as "role:approver, user:ana@example.com, group:finance".';
const timeHint = 'Write a time such as "30m", "4h" or "2d".';

const readers: Readonly<Record<string, { meaning: string; hint: string; read(value: string): Partial<StatementTerms> }>> = {
  reason: {
    meaning: 'The sentence people read, approvers and agents alike.',
    hint: `Write a sentence of at most ${maxReason} characters, for whoever reads why.`,
    read(value) {
      if (value.trim().length > maxReason) throw new BadValue(`is longer than ${maxReason} characters`);
      return { reason: value.trim() === '' ? null : value.trim() };
    },
  },
  approvers: { meaning: 'Who may decide; left out: everybody who may decide at all.', hint: peopleHint, read: (value) => ({ approvers: toApprovers(value) }) },
  quorum: {
    meaning: 'How many of them must say yes; one no is enough to refuse.',
    hint: `Write a number from 1 to ${maxQuorum}, such as "2".`,
    read(value) {
      if (!/^\d{1,2}$/.test(value.trim()) || Number(value) < 1 || Number(value) > maxQuorum) throw new BadValue(`is no number from 1 to ${maxQuorum}: "${value.slice(0, 60)}"`);
      return { quorum: Number(value) };
    },
  },
  expires: { meaning: 'When the request ends by itself, as refused; built in: 24 h.', hint: `${timeHint} "never" lets it wait for ever.`, read: (value) => ({ expires: value.trim() === 'never' ? 'never' : toSeconds(value, 10) }) },
  extendable: { meaning: 'How long after the request its end can be moved at most; left out beside @expires: not at all.', hint: timeHint, read: (value) => ({ extendable: toSeconds(value, 10) }) },
  reminder: { meaning: 'When those who may decide are told again.', hint: timeHint, read: (value) => ({ reminder: toSeconds(value, 5) }) },
  escalate: { meaning: 'Who may decide too from then on what this policy asks, and is told.', hint: 'Write who else may decide and from when, such as "1h: group:managers; 4h: role:admin".', read: (value) => ({ escalations: toEscalations(value) }) },
  self_approval: {
    meaning: '"forbidden": not whoever started the run.',
    hint: 'Write "forbidden" to keep whoever started the run from approving it, or leave it out.',
    read(value) {
      if (!['forbidden', 'allowed'].includes(value.trim())) throw new BadValue(`is neither "forbidden" nor "allowed": "${value.slice(0, 60)}"`);
      return { forbidsSelfApproval: value.trim() === 'forbidden' };
    },
  },
  editable: {
    meaning: 'Which arguments an approver may change.',
    hint: 'Name the arguments an approver may change, such as "subject, text", or write "none".',
    read(value) {
      const fields = value.trim() === 'none' ? [] : [...new Set(listOf(value))];
      if (fields.length === 0 && value.trim() !== 'none') throw new BadValue('names no argument');
      if (fields.length > maxFields || fields.some((field) => field.length > 120)) throw new BadValue(`names more than ${maxFields} arguments, or one with more than 120 characters`);
      return { editable: fields };
    },
  },
};

/** The annotations that mean something here, beside Cedar's customary `@id`, in the order people read them. */
export const annotationWords: PolicyWords['annotations'] = Object.entries(readers).map(([name, { meaning, hint }]) => ({ name, description: meaning, hint }));

const quorumIssue = ({ approvers, quorum }: StatementTerms): AnnotationIssue[] => {
  const isCountable = approvers.length > 0 && approvers.every((approver) => approver.startsWith('user:'));
  return isCountable && (quorum ?? 1) > approvers.length
    ? [{ annotation: 'quorum', severity: 'error', message: `@quorum asks for ${quorum} people and @approvers names ${approvers.length}.`, hint: 'Nobody could ever approve it.' }]
    : [];
};

function timeIssues({ expires, reminder, escalations, extendable }: StatementTerms): AnnotationIssue[] {
  if (typeof expires !== 'number') return [];
  const late = (annotation: string): AnnotationIssue => ({ annotation, severity: 'warning', message: `@${annotation} comes no earlier than the request expires, after ${formatDuration(expires)}.`, hint: null });
  return [
    ...(reminder !== null && reminder >= expires ? [late('reminder')] : []),
    ...(escalations.some((step) => step.after_seconds >= expires) ? [late('escalate')] : []),
    ...(extendable !== null && extendable <= expires ? [{ annotation: 'extendable', severity: 'warning' as const, message: `@extendable is not more than @expires, so the expiry cannot be moved.`, hint: 'It counts from the request, as @expires does.' }] : []),
  ];
}

/** Reads the annotations of a statement. A value that cannot be read is left out of the terms and told as an error. */
export function parseAnnotations(annotations: Readonly<Record<string, string | null>>): { terms: StatementTerms; issues: AnnotationIssue[] } {
  const terms: StatementTerms = { ...noTerms };
  const issues: AnnotationIssue[] = [];
  for (const [annotation, value] of Object.entries(annotations)) {
    const reader = Object.hasOwn(readers, annotation) ? readers[annotation] : undefined;
    if (reader === undefined) {
      if (annotation !== 'id') issues.push({ annotation, severity: 'warning', message: `@${annotation} means nothing here.`, hint: `There are ${annotationWords.map(({ name }) => `@${name}`).join(', ')}.` });
      continue;
    }
    try {
      Object.assign(terms, reader.read(value ?? ''));
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      issues.push({ annotation, severity: 'error', message: `@${annotation} ${error.message}.`, hint: reader.hint });
    }
  }
  return { terms, issues: [...issues, ...quorumIssue(terms), ...timeIssues(terms)] };
}

const defaultTerms: PolicyTerms = {
  approvers: [], quorum: 1, expires_after_seconds: null, extendable_to_seconds: null, reminder_after_seconds: null, escalations: [], forbids_self_approval: false, editable_fields: null,
};

/** Terms as the form has them, null where no annotation says any; undefined where the form has no words for them. */
export function toFormTerms(annotations: Readonly<Record<string, string | null>>): PolicyTerms | null | undefined {
  const { terms, issues } = parseAnnotations(annotations);
  if (terms.expires === 'never' || issues.some(({ severity }) => severity === 'error')) return undefined;
  if (Object.keys(annotations).every((name) => name === 'reason' || name === 'id')) return null;
  return {
    approvers: terms.approvers, quorum: terms.quorum ?? 1, expires_after_seconds: terms.expires, extendable_to_seconds: terms.extendable, reminder_after_seconds: terms.reminder,
    escalations: terms.escalations, forbids_self_approval: terms.forbidsSelfApproval, editable_fields: terms.editable,
  };
}

/** Terms as annotations, in the order people read them. Terms that say nothing still say that one person is enough, so that they are not lost. */
export function toAnnotations(terms: PolicyTerms | null): [string, string][] {
  if (terms === null) return [];
  const time = (name: string, seconds: number | null): [string, string][] => (seconds === null ? [] : [[name, formatDuration(seconds)]]);
  const said: [string, string][] = [
    ...(terms.approvers.length === 0 ? [] : [['approvers', terms.approvers.join(', ')] as [string, string]]),
    ...(terms.quorum === defaultTerms.quorum ? [] : [['quorum', String(terms.quorum)] as [string, string]]),
    ...time('expires', terms.expires_after_seconds), ...time('extendable', terms.extendable_to_seconds), ...time('reminder', terms.reminder_after_seconds),
    ...(terms.escalations.length === 0 ? [] : [['escalate', terms.escalations.map((step) => `${formatDuration(step.after_seconds)}: ${step.approvers.join(', ')}`).join('; ')] as [string, string]]),
    ...(terms.forbids_self_approval ? [['self_approval', 'forbidden'] as [string, string]] : []),
    ...(terms.editable_fields === null ? [] : [['editable', terms.editable_fields.length === 0 ? 'none' : terms.editable_fields.join(', ')] as [string, string]]),
  ];
  return said.length === 0 ? [['quorum', '1']] : said;
}
