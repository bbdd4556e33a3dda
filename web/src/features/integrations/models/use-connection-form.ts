import { type Connection } from '@contracts/connections.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { FormProblem } from '@/components/form-summary.tsx';
import { api } from '@/lib/api-client.ts';
import { ApiError, hasCode, sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { type ConnectionField, type ConnectionValues, connectionFields, emptyConnectionValues, type KeyChange, toConnectionField, toConnectionValues, toCreateBody, toTestBody, toUpdateBody } from './connection-values.ts';
import type { KeyMode } from './key-field.tsx';
import { type Clash, type Merged, mergeConflict } from './merge-conflict.ts';
import { useDraftTest } from './use-draft-test.ts';

/** Values, key, messages, test and conflict of the form of a connection. `opened`: the connection that is edited. */
export const useConnectionForm = (opened: Connection | undefined) => {
  const queryClient = useQueryClient();
  // As it was read: a change by somebody else meanwhile is told, not slipped under what is typed.
  const [base, setBase] = useState(opened);
  const [values, setValues] = useState<ConnectionValues>(() => (opened === undefined ? emptyConnectionValues : toConnectionValues(opened)));
  const [keyMode, setKeyMode] = useState<KeyMode>(opened === undefined || opened.api_key_hint === null ? 'replace' : 'keep');
  /** Counts typing into the key, which itself is not kept here. */
  const [keyRevision, setKeyRevision] = useState(0);
  const keyInput = useRef<HTMLInputElement>(null);
  const [model, setModel] = useState('');
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [refused, setRefused] = useState<FormProblem[]>([]);
  const [conflict, setConflict] = useState<Pick<Merged, 'clashes' | 'taken'> & { latest: Connection }>();
  const [isSaving, setIsSaving] = useState(false);

  const draftTest = useDraftTest(JSON.stringify([values.api, values.base_url.trim(), keyMode, keyRevision, model.trim()]));
  const key = (): KeyChange => (keyMode === 'replace' ? { kind: 'replace', key: keyInput.current?.value ?? '' } : { kind: keyMode });
  const issues = (): FormProblem[] => toCreateBody(values, key()).issues.map(({ path, message }) => ({ field: path, message }));
  // The key is judged when something is sent: it is not known while the form is drawn.
  const shown = toCreateBody(values, { kind: 'keep' }).issues.filter(({ path }) => touched.has(path));
  const messages: Record<string, string | undefined> = Object.fromEntries([
    ...refused.flatMap(({ field, message }) => (field === undefined ? [] : [[field, message] as const])),
    ...shown.map(({ path, message }) => [path, message] as const),
  ]);

  const showRefusal = (error: unknown): FormProblem[] => {
    const found = (error instanceof ApiError ? error.fieldIssues : []).map(({ path, message }): FormProblem => {
      const field = path === 'model' ? 'model' : toConnectionField(path);
      return { field, message: field === undefined && path !== '' ? `${path}: ${message}` : message };
    });
    const problems = hasCode(error, 'CONNECTION_NAME_TAKEN') ? [{ field: 'name', message: sentenceOf(error) }] : found.length > 0 ? found : [{ message: sentenceOf(error) }];
    setRefused(problems);
    return problems;
  };
  /** Judges everything but, for a test, the fields a test has no use for. */
  const check = (fields: readonly ConnectionField[]): FormProblem[] => {
    const found = issues().filter(({ field }) => fields.some((one) => one === field));
    setTouched(new Set([...touched, ...fields]));
    setRefused(found.filter(({ field }) => field === 'api_key'));
    return found;
  };

  const readLatest = async (): Promise<Connection | undefined> =>
    (await queryClient.fetchQuery({ ...apiQuery('listConnections'), staleTime: 0 })).items.find(({ id }) => id === base?.id);
  /** Brings somebody else's change under what is typed. */
  const meet = async (): Promise<FormProblem[]> => {
    const latest = await readLatest();
    if (latest === undefined || base === undefined) return showRefusal(new ApiError('CONNECTION_NOT_FOUND', 'This connection was deleted meanwhile. What you typed is kept here; close the form to leave it.', { status: 404 }));
    const merged = mergeConflict({ base, latest, values });
    setValues(merged.values);
    setBase(latest);
    setConflict({ latest, clashes: merged.clashes, taken: merged.taken });
    return [];
  };

  return {
    base, values, messages, keyMode, keyInput, model, draftTest, conflict, isSaving,
    problems: [...connectionFields.flatMap((field): FormProblem[] => (messages[field] === undefined ? [] : [{ field, message: messages[field] }])), ...refused.filter(({ field }) => field === undefined)],
    isDirty: keyRevision > 0 || keyMode === 'remove' || JSON.stringify(values) !== JSON.stringify(base === undefined ? emptyConnectionValues : toConnectionValues(base)),
    change: (changes: Partial<ConnectionValues>): void => {
      setValues((before) => ({ ...before, ...changes }));
      setRefused((before) => before.filter(({ field }) => field !== undefined && !(field in changes)));
    },
    touch: (field: ConnectionField): void => setTouched(new Set([...touched, field])),
    setModel,
    setKeyMode: (mode: KeyMode): void => {
      setKeyMode(mode);
      setKeyRevision((count) => (mode === 'keep' ? 0 : count));
    },
    onKeyInput: (): void => {
      setKeyRevision((count) => count + 1);
      setRefused((before) => before.filter(({ field }) => field !== 'api_key'));
    },
    take: (clash: Clash): void => setValues((before) => ({ ...before, [clash.field]: clash.theirs })),
    check,
    /** Runs the test; answers what the server refused. */
    test: async (): Promise<FormProblem[]> => {
      const found = check(['base_url', 'api_key']);
      if (found.length > 0) return found;
      try {
        await draftTest.run(toTestBody(values, key(), { id: base?.id, model }));
        return [];
      } catch (error) {
        return showRefusal(error);
      }
    },
    /** Saves; answers the connection, nothing when nothing was changed, or what stands against it. */
    save: async (): Promise<{ saved: Connection | undefined } | { problems: FormProblem[] }> => {
      setIsSaving(true);
      try {
        const change = base === undefined ? undefined : toUpdateBody(values, key(), base);
        if (base !== undefined && change === undefined) return { saved: undefined };
        const saved = base === undefined || change === undefined
          ? await api.call('createConnection', { body: toCreateBody(values, key()).body })
          : await api.call('updateConnection', { params: { id: base.id }, body: change });
        const readAnew = (): Promise<void> => refresh(queryClient, 'listConnections', 'listModels', 'listIntegrations', 'listConnectionModels');
        void readAnew();
        // A draft's outcome is kept nowhere: what passed is tested once more as it is stored, so that it is marked as what it is.
        if (draftTest.hasPassed && saved.is_enabled) void api.call('testConnection', { params: { id: saved.id }, body: model.trim() === '' ? {} : { model: model.trim() } }).catch(() => undefined).finally(() => void readAnew());
        return { saved };
      } catch (error) {
        return { problems: hasCode(error, 'CONNECTION_CHANGED', 'CONNECTION_NOT_FOUND') ? await meet().catch(showRefusal) : showRefusal(error) };
      } finally {
        setIsSaving(false);
      }
    },
  };
};
