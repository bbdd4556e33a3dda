import { type Connection } from '@contracts/connections.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FormProblem } from '@/components/form-summary.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useDraftTest } from '../forms/use-draft-test.ts';
import { useRecordForm } from '../forms/use-record-form.ts';
import { useSecretInput } from '../forms/use-secret-input.ts';
import { connectionFields, connectionLabels, type ConnectionValues, emptyConnectionValues, toConnectionField, toConnectionValues, toCreateBody, toTestBody, toUpdateBody } from './connection-values.ts';

/** Values, key, messages, test and conflict of the form of a connection. `opened`: the connection that is edited. */
export const useConnectionForm = (opened: Connection | undefined) => {
  const queryClient = useQueryClient();
  const secret = useSecretInput(opened !== undefined && opened.api_key_hint !== null);
  const [model, setModel] = useState('');
  const record = useRecordForm<Connection, ConnectionValues>({
    opened,
    empty: emptyConnectionValues,
    toValues: toConnectionValues,
    fields: connectionFields,
    labelOf: (field) => connectionLabels[field as keyof typeof connectionLabels],
    // The key is judged when something is sent: it is not known while the form is drawn.
    issuesOf: (typed) => toCreateBody(typed, { kind: 'keep' }).issues,
    toField: (path) => (path === 'model' ? 'model' : toConnectionField(path)),
    readLatest: async ({ id }) => (await queryClient.fetchQuery({ ...apiQuery('listConnections'), staleTime: 0 })).items.find((one) => one.id === id),
    codes: { changed: 'CONNECTION_CHANGED', gone: 'CONNECTION_NOT_FOUND', nameTaken: 'CONNECTION_NAME_TAKEN' },
    noun: 'connection',
    secretsChanged: (base, latest) => (base.api_key_hint === latest.api_key_hint ? [] : ['api_key']),
  });
  const { base, values } = record;
  const draftTest = useDraftTest<Awaited<ReturnType<typeof send>>>(JSON.stringify([values.api, values.base_url.trim(), secret.mode, secret.revision, model.trim()]));
  const send = (signal: AbortSignal) => api.call('testConnectionDraft', { body: toTestBody(values, secret.change(), { id: base?.id, model }), signal });
  const check = (fields: readonly string[]): FormProblem[] => record.check(fields, toCreateBody(values, secret.change()).issues);
  const hasPassed = draftTest.isCurrent && draftTest.result?.passed === true;

  return {
    ...record, secret, model, setModel, draftTest,
    isDirty: secret.isDirty || record.isChanged,
    check: (): FormProblem[] => check(connectionFields),
    /** Runs the test; answers what the server refused. */
    test: async (): Promise<FormProblem[]> => {
      const found = check(['base_url', 'api_key']);
      if (found.length > 0) return found;
      return draftTest.run(send).then(() => [], record.showRefusal);
    },
    /** Saves; answers the connection, nothing when nothing was changed, or what stands against it. */
    save: () =>
      record.save(async (): Promise<Connection | undefined> => {
        const change = base === undefined ? undefined : toUpdateBody(values, secret.change(), base);
        if (base !== undefined && change === undefined) return undefined;
        const saved = base === undefined || change === undefined
          ? await api.call('createConnection', { body: toCreateBody(values, secret.change()).body })
          : await api.call('updateConnection', { params: { id: base.id }, body: change });
        const readAnew = (): Promise<void> => refresh(queryClient, 'listConnections', 'listModels', 'listIntegrations', 'listConnectionModels');
        void readAnew();
        // A draft's outcome is kept nowhere: what passed is tested once more as it is stored, so that it is marked as what it is.
        if (hasPassed && saved.is_enabled) void api.call('testConnection', { params: { id: saved.id }, body: model.trim() === '' ? {} : { model: model.trim() } }).catch(() => undefined).finally(() => void readAnew());
        return saved;
      }),
  };
};
