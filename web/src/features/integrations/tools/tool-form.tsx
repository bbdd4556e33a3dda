import type { ToolSettings } from '@contracts/tool-settings.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { AgentLinks } from '../components/fact.tsx';
import { RecordForm } from '../forms/record-form.tsx';
import { SwitchField } from '../forms/switch-field.tsx';
import { useRecordForm } from '../forms/use-record-form.ts';
import { SettingField } from './setting-field.tsx';
import { type limitNames, optionFields, optionName, toolFields, toolIssues, toolLabel, type ToolValues, toToolBody, toToolField, toToolValues } from './tool-values.ts';

/** Switch, limits and own settings of one tool. */
export const ToolForm = ({ tool, held, canWrite, onDone, onDirty }: {
  tool: ToolSettings;
  /** Why its switch here is not all it takes; undefined: it is. */
  held: string | undefined;
  canWrite: boolean;
  onDone: () => void;
  onDirty: (isDirty: boolean) => void;
}) => {
  const queryClient = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const form = useRecordForm<ToolSettings, ToolValues>({
    opened: tool,
    empty: toToolValues(tool),
    toValues: toToolValues,
    fields: toolFields(tool),
    labelOf: (field) => toolLabel(field, tool),
    issuesOf: (typed) => toolIssues(typed, tool),
    toField: (path) => toToolField(path, tool),
    readLatest: async ({ name }) => (await queryClient.fetchQuery({ ...apiQuery('listToolSettings'), staleTime: 0 })).items.find((one) => one.name === name),
    codes: { changed: 'TOOL_SETTINGS_CHANGED', gone: 'TOOL_UNKNOWN' },
    noun: 'tool',
  });
  const { values, messages, change, touch } = form;
  const base = form.base ?? tool;
  const save = async (): Promise<void> => {
    const outcome = await form.save(async () => {
      const body = toToolBody(values, base);
      if (body === undefined) return undefined;
      const saved = await api.call('updateToolSettings', { params: { name: base.name }, body });
      void refresh(queryClient, 'listToolSettings', 'listTools', 'listIntegrations', 'listSecrets');
      return saved;
    });
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(`The settings of ${base.name} are saved`);
    onDone();
  };
  const isSwitchedOff = base.is_enabled && !values.is_enabled;
  const limit = (name: (typeof limitNames)[number]) => ({
    name, value: values[name], inputMode: 'numeric' as const, autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }), onBlur: () => touch(name),
  });
  const options = optionFields(tool);
  return (
    <RecordForm
      form={form}
      noun="tool"
      isNew={false}
      isDirty={form.isChanged}
      onDirty={onDirty}
      check={() => form.check(toolFields(tool))}
      onSend={() => (isSwitchedOff && base.used_by_agents.length > 0 ? setIsAsking(true) : void save())}
      onCancel={onDone}
      sendLabel="Save"
      isReadOnly={!canWrite}
    >
      {held !== undefined && <p className="rounded-control bg-waiting-tint p-3 text-row text-waiting-text">{held}</p>}
      {!tool.is_configured && tool.configuration_hint !== null && <p className="rounded-control bg-muted p-3 text-row">{tool.configuration_hint}</p>}
      <SwitchField name="is_enabled" hint="Off: it stays in the agents’ definitions and is not offered to models." isOn={values.is_enabled} onChange={(isOn) => change({ is_enabled: isOn })} isDisabled={!canWrite} />
      {isSwitchedOff && base.used_by_agents.length > 0 && (
        <div role="status" className="rounded-control bg-waiting-tint p-3 text-row text-waiting-text">
          {countOf(base.used_by_agents.length, 'agent')} will go on without it: {base.used_by_agents.map(({ name }) => name).join(', ')}.
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-3">
        <Field label="Time-out" hint={`Seconds of one call. Empty: ${base.default_timeout_seconds}.`} error={messages['timeout_seconds']}>
          {(control) => <Input {...control} {...limit('timeout_seconds')} placeholder={String(base.default_timeout_seconds)} />}
        </Field>
        <Field label="Calls at once" hint="Over all workers. Empty: no limit." error={messages['max_concurrent']}>{(control) => <Input {...control} {...limit('max_concurrent')} />}</Field>
        <Field label="Calls a minute" hint="Over all workers. Empty: no limit." error={messages['calls_per_minute']}>{(control) => <Input {...control} {...limit('calls_per_minute')} />}</Field>
      </div>
      {options.length > 0 && (
        <fieldset className="flex min-w-0 flex-col gap-4 border-t pt-4">
          <legend className="sr-only">Settings of {tool.name}</legend>
          <h3 aria-hidden className="text-title font-semibold">Settings of {tool.name}</h3>
          {options.map((field) => (
            <SettingField
              key={field.key}
              field={field}
              text={String(values[optionName(field.key)] ?? '')}
              error={messages[optionName(field.key)]}
              onChange={(text) => change({ [optionName(field.key)]: text })}
              onBlur={() => touch(optionName(field.key))}
            />
          ))}
        </fieldset>
      )}
      <ConfirmDialog isOpen={isAsking} onOpenChange={setIsAsking} title={`Switch ${base.name} off?`} confirmLabel="Switch off" cancelLabel="Leave on" onConfirm={save}>
        <p>{countOf(base.used_by_agents.length, 'agent')} may use it and will go on without it, runs under way too:</p>
        <AgentLinks agents={base.used_by_agents} className="mt-1" />
      </ConfirmDialog>
    </RecordForm>
  );
};
