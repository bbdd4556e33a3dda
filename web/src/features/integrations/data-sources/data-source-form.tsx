import type { DataSource } from '@contracts/data-sources.ts';
import type { StagedTest } from '@contracts/staged-tests.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { toLines } from '../forms/lines.ts';
import { RecordForm } from '../forms/record-form.tsx';
import { SecretField } from '../forms/secret-field.tsx';
import { StagedDraftTest } from '../forms/staged-draft-test.tsx';
import { SwitchField } from '../forms/switch-field.tsx';
import { useDraftTest } from '../forms/use-draft-test.ts';
import { useRecordForm } from '../forms/use-record-form.ts';
import { useSecretInput } from '../forms/use-secret-input.ts';
import { SwitchOffDialog } from './data-source-questions.tsx';
import { dataSourceFields, dataSourceLabels, type DataSourceValues, emptyDataSourceValues, isOtherPlace, splitPassword, toCreateBody, toDataSourceField, toDataSourceValues, toTestBody, toUpdateBody } from './data-source-values.ts';
import { dataSourceStages } from './data-source-words.ts';
import { readerRoleSql, splitReaderSql } from './reader-role.ts';
import { ReaderRoleHelp } from './reader-role-help.tsx';
import { TableChoice } from './table-choice.tsx';

/** Everything about a database agents may read; tested before it is saved where one wants. */
export const DataSourceForm = ({ source, onDone, onDirty }: { source?: DataSource | undefined; onDone: () => void; onDirty: (isDirty: boolean) => void }) => {
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const [hasMoved, setHasMoved] = useState(false);
  const secret = useSecretInput(source?.has_password === true);
  const form = useRecordForm<DataSource, DataSourceValues>({
    opened: source,
    empty: emptyDataSourceValues,
    toValues: toDataSourceValues,
    fields: dataSourceFields,
    labelOf: (field) => dataSourceLabels[field] ?? field,
    issuesOf: (typed) => toCreateBody(typed, { kind: 'keep' }).issues,
    toField: toDataSourceField,
    readLatest: async ({ id }) => (await queryClient.fetchQuery({ ...apiQuery('listDataSources'), staleTime: 0 })).items.find((one) => one.id === id),
    codes: { changed: 'CONNECTION_CHANGED', gone: 'CONNECTION_NOT_FOUND', nameTaken: 'CONNECTION_NAME_TAKEN' },
    noun: 'data source',
    secretsChanged: (base, latest) => (base.has_password === latest.has_password ? [] : ['password']),
  });
  const { base, values, messages, change, touch } = form;
  const draftTest = useDraftTest<StagedTest>(JSON.stringify([values.url.trim(), secret.mode, secret.revision]));
  const check = (fields: readonly string[]) => form.check(fields, toCreateBody(values, secret.change()).issues);
  const test = async (): Promise<void> => {
    const found = check(['url', 'password']);
    if (found.length > 0) form.point(found);
    else await draftTest.run((signal) => api.call('testDataSourceDraft', { body: toTestBody(values, secret.change(), base?.id), signal })).catch((error: unknown) => form.point(form.showRefusal(error)));
  };
  const save = async (): Promise<void> => {
    const outcome = await form.save(async () => {
      const body = base === undefined ? undefined : toUpdateBody(values, secret.change(), base);
      if (base !== undefined && body === undefined) return undefined;
      const saved = base === undefined || body === undefined ? await api.call('createDataSource', { body: toCreateBody(values, secret.change()).body }) : await api.call('updateDataSource', { params: { id: base.id }, body });
      const readAnew = (): Promise<void> => refresh(queryClient, 'listDataSources', 'listDataSourceTables', 'listIntegrations', 'listTools', 'listToolSettings');
      void readAnew();
      // A draft's outcome is kept nowhere: what passed is tested once more as it is stored, so that it is marked as what it is.
      if (draftTest.isCurrent && draftTest.result?.passed === true && saved.is_enabled) void api.call('testDataSource', { params: { id: saved.id } }).catch(() => undefined).finally(() => void readAnew());
      return saved;
    });
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(base === undefined ? 'Data source added' : 'Data source saved', { description: outcome.saved.name });
    onDone();
  };
  const typeUrl = (typed: string): void => {
    const parts = splitPassword(typed);
    change({ url: parts?.url ?? typed });
    if (parts === undefined || parts.password === '') return;
    secret.fill(parts.password);
    setHasMoved(true);
  };
  /** Once a test has looked at the tables, it knows the schemas there. */
  const told = draftTest.result === undefined ? undefined : splitReaderSql(draftTest.result.warnings);
  const isElsewhere = base !== undefined && isOtherPlace(values.url, base);
  const number = (name: 'max_rows' | 'statement_timeout_seconds') => ({
    name, value: values[name], inputMode: 'numeric' as const, autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }), onBlur: () => touch(name),
  });
  return (
    <RecordForm
      form={form}
      noun="data source"
      isNew={base === undefined}
      isDirty={form.isChanged || secret.isDirty}
      onDirty={onDirty}
      check={() => check(dataSourceFields)}
      onSend={() => (base?.is_enabled === true && !values.is_enabled && base.used_by_agents.length > 0 ? setIsAsking(true) : void save())}
      onCancel={onDone}
      sendLabel={base === undefined ? 'Add data source' : 'Save'}
    >
      <Field label="Name" isRequired hint="What agents call it in run_sql: small letters, digits and _." error={messages['name']}>
        {(control) => <Input {...control} name="name" value={values.name} maxLength={63} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => change({ name: event.target.value })} onBlur={() => touch('name')} />}
      </Field>
      <Field label="Description" hint="The model reads it when it chooses where to ask: what is in there, since when, in which units." error={messages['description']}>
        {(control) => <Textarea {...control} name="description" value={values.description} maxLength={500} rows={2} className="min-h-9" onChange={(event) => change({ description: event.target.value })} onBlur={() => touch('description')} />}
      </Field>
      <Field label="Address" isRequired hint="PostgreSQL only. With the user, without the password." error={messages['url']}>
        {(control) => <Input {...control} name="url" value={values.url} maxLength={1_000} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="postgres://reader@db.example.com/shop" onChange={(event) => typeUrl(event.target.value)} onBlur={() => touch('url')} />}
      </Field>
      <div role="status" className="-mt-4 empty:hidden">{hasMoved && <p className="pt-2 text-row text-muted-foreground">The password of the address was put into its own field.</p>}</div>
      <SecretField
        name="password"
        label="Password"
        hint="Stored encrypted and never shown again. Some servers let a role in without."
        stored={base?.has_password === true ? '' : null}
        secret={secret}
        error={messages['password']}
        warning={isElsewhere ? 'The stored password was given for the stored host, user and database and is not sent elsewhere: saved like this, it is removed. Replace it to give one for this address.' : undefined}
        onInput={() => form.forget('password')}
      />
      <ReaderRoleHelp sql={told?.sql ?? readerRoleSql({ url: values.url, tables: values.tables === 'all' ? null : toLines(values.readable_tables) })} />
      <StagedDraftTest
        test={told === undefined || draftTest.result === undefined ? draftTest.result : { ...draftTest.result, warnings: told.warnings }}
        expected={dataSourceStages}
        isCurrent={draftTest.isCurrent}
        isTesting={draftTest.isTesting}
        noun="data source"
        passed="The test passed."
        onTest={() => void test()}
        onStop={draftTest.stop}
      />
      <TableChoice source={base} values={values} error={messages['readable_tables']} onChange={change} onBlur={() => touch('readable_tables')} />
      <Field label="Private columns" hint="One a line, such as customers.email or hr.salaries.*. A query that reads one is HIGH risk." error={messages['private_columns']}>
        {(control) => <Textarea {...control} name="private_columns" value={values.private_columns} rows={2} className="font-mono" autoCapitalize="none" spellCheck={false} onChange={(event) => change({ private_columns: event.target.value })} onBlur={() => touch('private_columns')} />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Rows" hint="Most rows one query answers." error={messages['max_rows']}>{(control) => <Input {...control} {...number('max_rows')} />}</Field>
        <Field label="Time-out" hint="Seconds one query may take." error={messages['statement_timeout_seconds']}>{(control) => <Input {...control} {...number('statement_timeout_seconds')} />}</Field>
      </div>
      <SwitchField name="is_enabled" hint="Off: no query is sent to it, and agents are not told of it." isOn={values.is_enabled} onChange={(isOn) => change({ is_enabled: isOn })} />
      {base !== undefined && <SwitchOffDialog source={base} isOpen={isAsking} onOpenChange={setIsAsking} onConfirm={save} />}
    </RecordForm>
  );
};
