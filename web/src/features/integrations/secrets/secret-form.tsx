import { type Secret, toSecretReference } from '@contracts/secrets.ts';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { CopyButton } from '@/components/copy-button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { RecordForm } from '../forms/record-form.tsx';
import { SecretField } from '../forms/secret-field.tsx';
import { useRecordForm } from '../forms/use-record-form.ts';
import { useSecretInput } from '../forms/use-secret-input.ts';
import { emptySecretValues, secretFields, secretLabels, type SecretValues, toCreateBody, toSecretField, toSecretValues, toUpdateBody } from './secret-values.ts';

/** A named secret: a new one, or another value, hosts or words for one. */
export const SecretForm = ({ secret: opened, onDone, onDirty }: { secret?: Secret | undefined; onDone: () => void; onDirty: (isDirty: boolean) => void }) => {
  const queryClient = useQueryClient();
  const input = useSecretInput(opened !== undefined);
  const form = useRecordForm<Secret, SecretValues>({
    opened,
    empty: emptySecretValues,
    toValues: toSecretValues,
    fields: secretFields,
    labelOf: (field) => secretLabels[field] ?? field,
    issuesOf: (typed) => toCreateBody(typed, { kind: 'keep' }).issues.filter(({ path }) => path !== 'value'),
    toField: toSecretField,
    readLatest: async ({ id }) => (await queryClient.fetchQuery({ ...apiQuery('listSecrets'), staleTime: 0 })).items.find((one) => one.id === id),
    codes: { changed: 'SECRET_CHANGED', gone: 'SECRET_NOT_FOUND', nameTaken: 'SECRET_NAME_TAKEN' },
    noun: 'secret',
    secretsChanged: (base, latest) => (base.hint === latest.hint ? [] : ['value']),
  });
  const { base, values, messages, change, touch } = form;
  const check = () => form.check(secretFields, toCreateBody(values, input.change()).issues.filter(({ path }) => path !== 'value' || base === undefined));
  const save = async (): Promise<void> => {
    const outcome = await form.save(async () => {
      const body = base === undefined ? undefined : toUpdateBody(values, input.change(), base);
      if (base !== undefined && body === undefined) return undefined;
      const saved = base === undefined || body === undefined ? await api.call('createSecret', { body: toCreateBody(values, input.change()).body }) : await api.call('updateSecret', { params: { id: base.id }, body });
      void refresh(queryClient, 'listSecrets', 'listToolSettings', 'listTools');
      return saved;
    });
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(base === undefined ? 'Secret added' : 'Secret saved', { description: `${toSecretReference(outcome.saved.name)} stands for its value.` });
    onDone();
  };
  const reference = toSecretReference(values.name.trim() === '' ? 'name' : values.name.trim());
  return (
    <RecordForm
      form={form}
      noun="secret"
      isNew={base === undefined}
      isDirty={form.isChanged || input.isDirty}
      onDirty={onDirty}
      check={check}
      onSend={() => void save()}
      onCancel={onDone}
      sendLabel={base === undefined ? 'Add secret' : 'Save'}
    >
      {base === undefined && (
        <Field label="Name" isRequired hint="Small letters, digits, _ and -. Agents and settings refer to it by this name, so it cannot be changed later." error={messages['name']}>
          {(control) => <Input {...control} name="name" value={values.name} maxLength={63} autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => change({ name: event.target.value })} onBlur={() => touch('name')} />}
        </Field>
      )}
      <div className="flex flex-col gap-1 rounded-control bg-muted p-3 text-row">
        <p>Where its value is wanted, write</p>
        <p className="flex items-center gap-1"><code className="min-w-0 wrap-anywhere">{reference}</code>{values.name.trim() !== '' && <CopyButton text={reference} label={`Copy ${reference}`} />}</p>
        <p className="text-muted-foreground">in a header or variable of an MCP server, or in the headers of http_request. The value takes its place at the last moment: no model and no trace sees it.</p>
      </div>
      <SecretField
        name="value"
        label="Value"
        isLong
        isRequired={base === undefined}
        isRemovable={false}
        hint="Stored encrypted and never shown again. Spaces and line breaks at its ends are left out."
        stored={base?.hint ?? null}
        secret={input}
        error={messages['value']}
        onInput={() => form.forget('value')}
      />
      {base?.is_readable === false && <p className="rounded-control bg-waiting-tint p-3 text-row text-waiting-text">This system’s key does not open the stored value. Replace it here, or run <code>npm run rotate-key</code> with the key it was stored under.</p>}
      <Field label="Hosts" hint="One a line: api.example.com, *.example.com, 127.0.0.1:8080. The tool http_request may send it to these hosts only, over https; name the port (:80) to allow plain http. Leave it empty for MCP servers: then http_request sends it nowhere." error={messages['hosts']}>
        {(control) => <Textarea {...control} name="hosts" value={values.hosts} rows={2} className="font-mono" autoCapitalize="none" spellCheck={false} onChange={(event) => change({ hosts: event.target.value })} onBlur={() => touch('hosts')} />}
      </Field>
      <Field label="Description" hint="For people: whose it is, when it ends." error={messages['description']}>
        {(control) => <Input {...control} name="description" value={values.description} maxLength={500} autoComplete="off" onChange={(event) => change({ description: event.target.value })} onBlur={() => touch('description')} />}
      </Field>
    </RecordForm>
  );
};
