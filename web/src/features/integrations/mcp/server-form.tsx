import type { McpDraftTest, McpServer } from '@contracts/mcp-servers.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { RecordForm } from '../forms/record-form.tsx';
import { StagedDraftTest } from '../forms/staged-draft-test.tsx';
import { SwitchField } from '../forms/switch-field.tsx';
import { useDraftTest } from '../forms/use-draft-test.ts';
import { useRecordForm } from '../forms/use-record-form.ts';
import { FoundTools } from './found-tools.tsx';
import { emptyMcpValues, mcpFields, mcpLabels, type McpValues, proposeSlug, toCreateBody, toMcpField, toMcpValues, toTransport, toUpdateBody } from './mcp-values.ts';
import { mcpStages } from './mcp-words.ts';
import { SwitchOffDialog } from './server-questions.tsx';
import { TransportFields } from './transport-fields.tsx';

/** Everything about an MCP server; tested before it is saved where one wants. */
export const ServerForm = ({ server, allowsStdio, onSaved, onDone, onDirty }: {
  server?: McpServer | undefined;
  allowsStdio: boolean;
  /** A new one was added. */
  onSaved: (server: McpServer) => void;
  onDone: () => void;
  onDirty: (isDirty: boolean) => void;
}) => {
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const [hasOwnSlug, setHasOwnSlug] = useState(server !== undefined);
  const form = useRecordForm<McpServer, McpValues>({
    opened: server,
    empty: emptyMcpValues,
    toValues: toMcpValues,
    fields: mcpFields,
    labelOf: (field) => mcpLabels[field] ?? field,
    issuesOf: (typed) => toCreateBody(typed).issues,
    toField: toMcpField,
    readLatest: async ({ id }) => (await queryClient.fetchQuery({ ...apiQuery('listMcpServers'), staleTime: 0 })).items.find((one) => one.id === id),
    codes: { changed: 'CONNECTION_CHANGED', gone: 'CONNECTION_NOT_FOUND', nameTaken: 'CONNECTION_NAME_TAKEN' },
    noun: 'MCP server',
  });
  const { base, values, messages, change, touch } = form;
  const transport = toTransport(values);
  const draftTest = useDraftTest<McpDraftTest>(JSON.stringify(transport));
  const test = async (): Promise<void> => {
    const found = form.check(['command', 'args', 'env', 'url', 'headers']);
    if (found.length > 0) form.point(found);
    else await draftTest.run((signal) => api.call('testMcpServerDraft', { body: { transport }, signal })).catch((error: unknown) => form.point(form.showRefusal(error)));
  };
  const save = async (): Promise<void> => {
    const outcome = await form.save(async () => {
      const body = base === undefined ? undefined : toUpdateBody(values, base);
      if (base !== undefined && body === undefined) return undefined;
      const saved = base === undefined || body === undefined ? await api.call('createMcpServer', { body: toCreateBody(values).body }) : await api.call('updateMcpServer', { params: { id: base.id }, body });
      await refresh(queryClient, 'listMcpServers', 'listIntegrations', 'listTools', 'listToolSettings', 'listSecrets');
      return saved;
    });
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(base === undefined ? 'MCP server added' : 'MCP server saved', { description: outcome.saved.name });
    if (base === undefined && outcome.saved !== undefined) onSaved(outcome.saved);
    else onDone();
  };
  return (
    <RecordForm
      form={form}
      noun="MCP server"
      isNew={base === undefined}
      isDirty={form.isChanged}
      onDirty={onDirty}
      check={() => form.check(mcpFields)}
      onSend={() => (base?.is_enabled === true && !values.is_enabled && base.used_by_agents.length > 0 ? setIsAsking(true) : void save())}
      onCancel={onDone}
      sendLabel={base === undefined ? 'Add MCP server' : 'Save'}
    >
      <Field label="Name" isRequired error={messages['name']}>
        {(control) => <Input {...control} name="name" value={values.name} maxLength={80} autoComplete="off" onChange={(event) => change({ name: event.target.value, ...(hasOwnSlug ? {} : { slug: proposeSlug(event.target.value) }) })} onBlur={() => touch('name')} />}
      </Field>
      <Field
        label="Short name"
        isRequired
        hint={base === undefined ? <>Its tools are called <code>mcp_{values.slug === '' ? 'shortname' : values.slug}_…</code> by agents and policies. It cannot be changed later.</> : <>Its tools are called <code>mcp_{values.slug}_…</code>, so it stays as it was made.</>}
        error={messages['slug']}
      >
        {(control) => (
          <Input
            {...control}
            name="slug"
            value={values.slug}
            maxLength={24}
            readOnly={base !== undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            className="max-w-64"
            onChange={(event) => {
              setHasOwnSlug(event.target.value !== '');
              change({ slug: event.target.value });
            }}
            onBlur={() => touch('slug')}
          />
        )}
      </Field>
      <TransportFields values={values} messages={messages} allowsStdio={allowsStdio} onChange={change} onTouch={touch} />
      <StagedDraftTest
        test={draftTest.result?.test}
        expected={mcpStages(values.transport)}
        isCurrent={draftTest.isCurrent}
        isTesting={draftTest.isTesting}
        noun="MCP server"
        passed="The test passed."
        onTest={() => void test()}
        onStop={draftTest.stop}
      >
        {draftTest.result?.test.passed === true && <FoundTools tools={draftTest.result.tools} slug={values.slug} />}
      </StagedDraftTest>
      <Field label="Time-out" hint="Seconds one call of a tool may take." error={messages['timeout_seconds']}>
        {(control) => <Input {...control} name="timeout_seconds" value={values.timeout_seconds} inputMode="numeric" autoComplete="off" className="max-w-48" onChange={(event) => change({ timeout_seconds: event.target.value })} onBlur={() => touch('timeout_seconds')} />}
      </Field>
      <SwitchField name="is_enabled" hint="Off: none of its tools is offered to models, and it is not connected to." isOn={values.is_enabled} onChange={(isOn) => change({ is_enabled: isOn })} />
      {base !== undefined && <SwitchOffDialog server={base} isOpen={isAsking} onOpenChange={setIsAsking} onConfirm={save} />}
    </RecordForm>
  );
};
