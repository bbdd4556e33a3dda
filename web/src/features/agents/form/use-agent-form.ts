import type { Agent } from '@contracts/agents.ts';
import type { ResponseOf } from '@contracts/endpoints.ts';
import type { FieldIssue } from '@contracts/errors.ts';
import { useQueryClient } from '@tanstack/react-query';
import { type FieldErrors, type FieldPath, type Resolver, useForm } from 'react-hook-form';
import { useEffect, useRef, useState } from 'react';
import type { FormProblem } from '@/components/form-summary.tsx';
import { preferredConnection } from '@/components/models/model-target.ts';
import { api } from '@/lib/api-client.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { apiQueryKey } from '@/lib/api-query.ts';
import { useUser } from '@/lib/auth.tsx';
import { draftKey, readDraft, writeDraft } from './form-draft.ts';
import { type AgentFormValues, emptyFormValues, inPageOrder, toAgentBody, toFormField, toFormValues, withinField } from './form-values.ts';

/** Pause in typing after which the draft is kept. */
const draftDelayMs = 400;

type Messages = Record<string, string | undefined>;

/** Errors of the form by the dotted name of their field, however deep it lies. */
const toMessages = (errors: object, path = ''): Messages =>
  Object.fromEntries(
    Object.entries(errors).flatMap(([name, error]: [string, unknown]): [string, string | undefined][] => {
      if (typeof error !== 'object' || error === null || name === 'root' || name === 'ref') return [];
      const field = `${path}${name}`;
      const own: [string, string][] = 'message' in error && typeof error.message === 'string' ? [[field, error.message]] : [];
      return [...own, ...Object.entries(toMessages(error, `${field}.`))];
    }),
  );

/** Issues in the form the library holds errors in: nested as the names of the fields are. The first of a field counts. */
const toErrors = (issues: readonly FieldIssue[]): FieldErrors<AgentFormValues> => {
  const errors: Record<string, unknown> = {};
  for (const { path, message } of issues) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = errors;
    for (const name of names) place = (place[name] ??= {}) as Record<string, unknown>;
    place[last] ??= { type: 'invalid', message };
  }
  return errors as FieldErrors<AgentFormValues>;
};

/** The form of an agent: values, messages, draft. `base`: the agent as it was opened for editing. */
export const useAgentForm = (base: Agent | undefined) => {
  const user = useUser();
  const key = draftKey({ userId: user.id, agent: base });
  const queryClient = useQueryClient();
  // The sheet around the form has read the connections, where they could be had.
  const [initial] = useState(() => (base === undefined ? emptyFormValues(preferredConnection(queryClient.getQueryData<ResponseOf<'listModels'>>(apiQueryKey('listModels'))?.items)) : toFormValues(base)));
  const [draft, setDraft] = useState(() => readDraft(key));
  // Names the server said are taken: judged on the spot from then on.
  const takenNames = useRef(new Set<string>());
  const isSent = useRef(false);
  // What the server refused beyond the fields of the form.
  const [formProblems, setFormProblems] = useState<FormProblem[]>([]);

  const resolver: Resolver<AgentFormValues> = (values) => {
    const { issues } = toAgentBody(values);
    if (takenNames.current.has(values.name.trim().toLowerCase())) issues.push({ path: 'name', message: 'Another agent already has this name.' });
    if (issues.length === 0) return { values, errors: {} };
    return { values: {}, errors: toErrors(issues) };
  };
  const form = useForm<AgentFormValues>({ resolver, mode: 'onTouched', defaultValues: draft?.values ?? initial, shouldFocusError: false });

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = form.subscribe({
      formState: { values: true },
      callback: ({ values }) => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          timer = undefined;
          if (!isSent.current) writeDraft(key, JSON.stringify(values) === JSON.stringify(initial) ? undefined : values);
        }, draftDelayMs);
      },
    });
    // Leaving within the pause keeps what was typed.
    const keepNow = (): void => {
      if (timer !== undefined && !isSent.current) writeDraft(key, form.getValues());
    };
    addEventListener('pagehide', keepNow);
    return () => {
      stop();
      removeEventListener('pagehide', keepNow);
      keepNow();
      clearTimeout(timer);
    };
  }, [form, initial, key]);

  const messages = toMessages(form.formState.errors);
  return {
    form,
    messages,
    draftSavedAt: draft?.savedAt,
    /** Forgets the draft; the form goes back to where it began. */
    discardDraft: (): void => {
      writeDraft(key, undefined);
      setDraft(undefined);
      form.reset(initial);
    },
    /** After the server took it. */
    forgetDraft: (): void => {
      isSent.current = true;
      writeDraft(key, undefined);
    },
    /** Says at once when the name is another agent's. A check that fails says nothing: the server decides on submit. */
    checkName: async (): Promise<void> => {
      const name = form.getValues('name').trim();
      if (name === '' || name.toLowerCase() === base?.name.toLowerCase()) return;
      const found = await api.call('listAgents', { query: { text: name, limit: 200 } }).catch(() => undefined);
      if (found?.items.some((agent) => agent.id !== base?.id && agent.name.toLowerCase() === name.toLowerCase()) !== true) return;
      takenNames.current.add(name.toLowerCase());
      if (form.getValues('name').trim().toLowerCase() === name.toLowerCase()) await form.trigger('name');
    },
    /** Puts a refusal of the server on the fields it names; what is about no field goes to the summary. */
    showRefusal: (error: unknown): FormProblem[] => {
      const issues = error instanceof ApiError ? error.fieldIssues : [];
      const problems = issues.map(({ path, message }): FormProblem => {
        const field = toFormField(path);
        return { field, message: field === undefined && path !== '' ? `${path}: ${message}` : `${withinField(path)}${message}` };
      });
      for (const { field, message } of problems) {
        if (field !== undefined) form.setError(field as FieldPath<AgentFormValues>, { type: 'server', message });
      }
      const others = problems.length === 0 ? [{ message: sentenceOf(error) }] : problems.filter(({ field }) => field === undefined);
      setFormProblems(others);
      return [...problems.filter(({ field }) => field !== undefined), ...others];
    },
    clearFormProblems: (): void => setFormProblems([]),
    problems: [...inPageOrder(Object.keys(messages)).flatMap((field): FormProblem[] => (messages[field] === undefined ? [] : [{ field, message: messages[field] }])), ...formProblems],
  };
};
