import { type Connection, type ConnectionApi, connectionApiSchema } from '@contracts/connections.ts';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { RecordForm } from '../forms/record-form.tsx';
import { SecretField } from '../forms/secret-field.tsx';
import { SwitchField } from '../forms/switch-field.tsx';
import { SwitchOffDialog } from './connection-questions.tsx';
import { isOtherServer } from './connection-values.ts';
import { addressExamples, apiWords, dependents } from './connection-words.ts';
import { DraftTest } from './draft-test.tsx';
import { useConnectionForm } from './use-connection-form.ts';

/** Everything about a connection to models, for a new one and for a change; tested before it is saved where one wants. */
export const ConnectionForm = ({ connection, onDone, onDirty }: { connection?: Connection | undefined; onDone: () => void; onDirty: (isDirty: boolean) => void }) => {
  const form = useConnectionForm(connection);
  const { base, values, messages, change, touch, draftTest } = form;
  const [isAsking, setIsAsking] = useState(false);
  const save = async (): Promise<void> => {
    const outcome = await form.save();
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(base === undefined ? 'Connection added' : 'Connection saved', { description: outcome.saved.name });
    onDone();
  };
  const send = (): void => {
    if (base?.is_enabled === true && !values.is_enabled && dependents(base) !== undefined) setIsAsking(true);
    else void save();
  };
  const isElsewhere = base !== undefined && base.api_key_hint !== null && isOtherServer(values, base);
  const number = (name: 'requests_per_minute' | 'tokens_per_minute') => ({
    name, value: values[name], inputMode: 'numeric' as const, autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }), onBlur: () => touch(name),
  });
  return (
    <RecordForm
      form={form}
      noun="connection"
      isNew={base === undefined}
      isDirty={form.isDirty}
      onDirty={onDirty}
      check={form.check}
      onSend={send}
      onCancel={onDone}
      sendLabel={base === undefined ? 'Add connection' : 'Save'}
    >
      <Field label="Name" isRequired hint="As agents and traces show it." error={messages['name']}>
        {(control) => <Input {...control} name="name" value={values.name} maxLength={80} autoComplete="off" onChange={(event) => change({ name: event.target.value })} onBlur={() => touch('name')} />}
      </Field>
      <Field label="API" hint={base === undefined ? 'What the server speaks, whoever makes it. Most servers of one’s own speak OpenAI’s.' : 'Stays as it was made: agents rely on it.'} error={messages['api']}>
        {(control) => (
          <Select {...control} name="api" value={values.api} disabled={base !== undefined} onChange={(event) => change({ api: event.target.value as ConnectionApi })}>
            {connectionApiSchema.options.map((api) => <option key={api} value={api}>{apiWords[api]}</option>)}
          </Select>
        )}
      </Field>
      <div className="flex flex-col gap-2">
        <Field label="Base URL" hint={values.api === 'openai' ? 'Usually ends in /v1. Empty: OpenAI’s own address.' : 'Without /v1. Empty: Anthropic’s own address.'} error={messages['base_url']}>
          {(control) => <Input {...control} name="base_url" type="url" value={values.base_url} maxLength={500} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder={values.api === 'openai' ? 'https://api.openai.com/v1' : 'https://api.anthropic.com'} onChange={(event) => change({ base_url: event.target.value })} onBlur={() => touch('base_url')} />}
        </Field>
        <div role="group" aria-label="Addresses to start from" className="flex flex-wrap gap-1.5">
          {addressExamples.filter(({ api }) => api === values.api).map(({ name, address }) => (
            <Button key={name} variant="outline" size="small" className="rounded-full" title={address === '' ? 'the field left empty' : address} onClick={() => change({ base_url: address })}>{name}</Button>
          ))}
        </div>
      </div>
      <SecretField
        name="api_key"
        label="Key"
        hint="Stored encrypted and never shown again. Servers of your own often need none."
        stored={base?.api_key_hint ?? null}
        secret={form.secret}
        error={messages['api_key']}
        warning={isElsewhere ? 'The stored key was given for the stored server and is not sent to another: saved like this, it is removed. Replace it to give this server a key.' : undefined}
        onInput={() => form.forget('api_key')}
      />
      <DraftTest
        test={draftTest.result}
        isCurrent={draftTest.isCurrent}
        isTesting={draftTest.isTesting}
        model={form.model}
        modelError={messages['model']}
        onModel={form.setModel}
        onTest={() => void form.test().then((found) => found.length > 0 && form.point(found))}
        onStop={draftTest.stop}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Requests per minute" hint="Over all workers. Empty: what the provider says." error={messages['requests_per_minute']}>
          {(control) => <Input {...control} {...number('requests_per_minute')} />}
        </Field>
        <Field label="Tokens per minute" hint="In and out together. Empty: what the provider says." error={messages['tokens_per_minute']}>
          {(control) => <Input {...control} {...number('tokens_per_minute')} />}
        </Field>
      </div>
      <SwitchField name="is_enabled" hint="Off: no call is sent, and agents go on with their fallbacks." isOn={values.is_enabled} onChange={(isOn) => change({ is_enabled: isOn })} />
      {base !== undefined && <SwitchOffDialog connection={base} isOpen={isAsking} onOpenChange={setIsAsking} onConfirm={save} />}
    </RecordForm>
  );
};
