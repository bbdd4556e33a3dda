import type { ErrorCode, FieldIssue } from '@contracts/errors.ts';
import { useState } from 'react';
import type { FormProblem } from '@/components/form-summary.tsx';
import { ApiError, hasCode, sentenceOf } from '@/lib/api-error.ts';
import { type Clash, type FormValues, mergeChanges } from './merge-changes.ts';

/** What a thing says of its last change, for whoever meets it. */
export interface Changed {
  updated_at: string | null;
  updated_by: string | null;
}

/** What is particular to one kind of thing that is edited. */
export interface RecordFormSpec<Item extends Changed, Values extends FormValues> {
  /** Undefined: a new one. */
  opened: Item | undefined;
  empty: Values;
  toValues: (item: Item) => Values;
  /** Every field in the order of the form, those that hold secrets among them. */
  fields: readonly string[];
  labelOf: (field: string) => string;
  /** What is wrong with what is typed, secrets apart. */
  issuesOf: (values: Values) => FieldIssue[];
  /** The field an issue of the api is about; undefined: none of this form. */
  toField: (path: string) => string | undefined;
  /** The thing as it is stored now; undefined: it is gone. */
  readLatest: (base: Item) => Promise<Item | undefined>;
  codes: { changed: ErrorCode; gone: ErrorCode; nameTaken?: ErrorCode };
  /** `connection`: for the sentence of one that is gone. */
  noun: string;
  /** Fields not among the values (secrets) that somebody else changed. */
  secretsChanged?: (base: Item, latest: Item) => string[];
}

const toProblem = ({ path, message }: FieldIssue): FormProblem => ({ field: path, message });

/** Values, messages and conflict of the form of something an admin edits. Saving against an older version loses nothing of what was typed. */
export const useRecordForm = <Item extends Changed, Values extends FormValues>({ opened, empty, toValues, fields, labelOf, issuesOf, toField, readLatest, codes, noun, secretsChanged }: RecordFormSpec<Item, Values>) => {
  // As it was read: a change by somebody else meanwhile is told, not slipped under what is typed.
  const [base, setBase] = useState(opened);
  const start = base === undefined ? empty : toValues(base);
  const [values, setValues] = useState<Values>(start);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<FormProblem[]>([]);
  const [conflict, setConflict] = useState<{ latest: Item; clashes: Clash[]; taken: string[] }>();
  const [isSaving, setIsSaving] = useState(false);
  const [pointed, setPointed] = useState<FormProblem[]>();

  const messages: Record<string, string | undefined> = Object.fromEntries([
    ...refused.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message] as const])),
    ...issuesOf(values).filter(({ path }) => touched.has(path)).map(({ path, message }) => [path, message] as const),
  ]);

  /** Shows what the server said, at its fields where it names them. */
  const showRefusal = (error: unknown): FormProblem[] => {
    const found = (error instanceof ApiError ? error.fieldIssues : []).map(({ path, message }): FormProblem => {
      const field = toField(path);
      return { field, message: field === undefined && path !== '' ? `${path}: ${message}` : message };
    });
    const isTaken = codes.nameTaken !== undefined && hasCode(error, codes.nameTaken);
    const problems = isTaken ? [{ field: 'name', message: sentenceOf(error) }] : found.length > 0 ? found : [{ message: sentenceOf(error) }];
    setRefused(problems);
    return problems;
  };
  /** Judges these fields by `issues`, which the caller makes with the secrets the form does not hold. */
  const check = (judged: readonly string[], issues: FieldIssue[] = issuesOf(values)): FormProblem[] => {
    const found = issues.filter(({ path }) => judged.includes(path)).map(toProblem);
    setTouched(new Set([...touched, ...judged]));
    setRefused(found.filter(({ field }) => field !== undefined && !(field in values)));
    return found;
  };
  /** Brings somebody else's change under what is typed. */
  const meet = async (): Promise<FormProblem[]> => {
    const latest = base === undefined ? undefined : await readLatest(base);
    if (latest === undefined || base === undefined) return showRefusal(new ApiError(codes.gone, `This ${noun} was deleted meanwhile. What you typed is kept here; close the form to leave it.`, { status: 404 }));
    const merged = mergeChanges({ before: toValues(base), theirs: toValues(latest), values });
    setValues(merged.values);
    setBase(latest);
    setConflict({ latest, clashes: merged.clashes, taken: [...merged.taken, ...(secretsChanged?.(base, latest) ?? [])] });
    return [];
  };

  return {
    base, values, messages, conflict, isSaving, pointed, labelOf, check, showRefusal,
    /** Leads the reader to what stands against sending; without problems to the notice of a conflict. */
    point: (found: FormProblem[]): void => setPointed([...found]),
    problems: [...fields.flatMap((field): FormProblem[] => (messages[field] === undefined ? [] : [{ field, message: messages[field] }])), ...refused.filter(({ field }) => field === undefined)],
    isChanged: JSON.stringify(values) !== JSON.stringify(start),
    change: (changes: Partial<Values>): void => {
      setValues((before) => ({ ...before, ...changes }));
      setRefused((before) => before.filter(({ field }) => field !== undefined && !(field in changes)));
    },
    /** A secret was typed: what was refused of it no longer holds. */
    forget: (field: string): void => setRefused((before) => before.filter((problem) => problem.field !== field)),
    touch: (field: string): void => setTouched((before) => new Set([...before, field])),
    take: (clash: Clash): void => setValues((before) => ({ ...before, [clash.field]: clash.theirs })),
    /** Saves by `send`; answers what it answers, or what stands against it: nothing where a conflict is shown. */
    save: async <Saved>(send: () => Promise<Saved>): Promise<{ saved: Saved } | { problems: FormProblem[] }> => {
      setIsSaving(true);
      try {
        return { saved: await send() };
      } catch (error) {
        return { problems: hasCode(error, codes.changed, codes.gone) ? await meet().catch(showRefusal) : showRefusal(error) };
      } finally {
        setIsSaving(false);
      }
    },
  };
};
