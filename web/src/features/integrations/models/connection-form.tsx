import { type Connection, type ConnectionApi, connectionApiSchema } from '@contracts/connections.ts';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { toast } from 'sonner';
import { focusField, type FormProblem, FormSummary } from '@/components/form-summary.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { ConnectionConflict } from './connection-conflict.tsx';
import { SwitchOffDialog } from './connection-questions.tsx';
import { connectionFields, isOtherServer } from './connection-values.ts';
import { addressExamples, apiWords, dependents } from './connection-words.ts';
import { DraftTest } from './draft-test.tsx';
import { KeyField } from './key-field.tsx';
import { useConnectionForm } from './use-connection-form.ts';

/** Everything about a connection to models, for a new one and for a change; tested before it is saved where one wants. */
export const ConnectionForm = ({ connection, onDone, onDirty }: { connection?: Connection | undefined; onDone: () => void; onDirty: (isDirty: boolean) => void }) => {
  const form = useConnectionForm(connection);
  const { base, values, messages, change, touch, draftTest } = form;
  const [isAsking, setIsAsking] = useState(false);
  const [isSubmitted, setIsSubmitted] = useState(false);
  const switchId = useId();
  const formRef = useRef<HTMLFormElement>(null);
  const summaryRef = useRef<HTMLDivElement>(null);
  // Follows what leaves with the sheet: closing one with typed values by a press beside it would lose them.
  useEffect(() => onDirty(form.isDirty), [form.isDirty, onDirty]);

  const point = (found: FormProblem[]): void => {
    const [first] = found;
    if (found.length === 1 && first?.field !== undefined) focusField(formRef.current, first.field);
    else if (found.length > 0) setTimeout(() => summaryRef.current?.focus());
    else setTimeout(() => formRef.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'center' }));
  };
  const save = async (): Promise<void> => {
    const outcome = await form.save();
    if ('problems' in outcome) {
      point(outcome.problems);
      return;
    }
    if (outcome.saved === undefined) toast.message('Nothing was changed');
    else toast.success(base === undefined ? 'Connection added' : 'Connection saved', { description: outcome.saved.name });
    onDone();
  };
  const submit = (event?: FormEvent): void => {
    event?.preventDefault();
    if (form.isSaving) return;
    setIsSubmitted(true);
    const found = form.check(connectionFields);
    if (found.length > 0) point(found);
    else if (base?.is_enabled === true && !values.is_enabled && dependents(base) !== undefined) setIsAsking(true);
    else void save();
  };
  useFormKeys(formRef, { onSend: submit });

  const isElsewhere = base !== undefined && base.api_key_hint !== null && isOtherServer(values, base);
  const number = (name: 'requests_per_minute' | 'tokens_per_minute') => ({
    name, value: values[name], inputMode: 'numeric' as const, autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => change({ [name]: event.target.value }), onBlur: () => touch(name),
  });
  return (
    <form ref={formRef} noValidate onSubmit={submit} autoComplete="off" className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-1 flex-col gap-4 overflow-y-auto p-4 sm:px-6">
        {form.conflict !== undefined && <ConnectionConflict latest={form.conflict.latest} merged={form.conflict} values={values} onTake={form.take} />}
        {isSubmitted && <FormSummary ref={summaryRef} problems={form.problems} onGo={(field) => focusField(formRef.current, field)} title={base === undefined ? 'The connection was not added' : 'The connection was not saved'} />}
        {!isSubmitted && form.problems.some(({ field }) => field === undefined) && <FormSummary ref={summaryRef} problems={form.problems} onGo={(field) => focusField(formRef.current, field)} title="The test could not be made" />}
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
        <KeyField
          hint={base?.api_key_hint ?? null}
          mode={form.keyMode}
          error={messages['api_key']}
          warning={isElsewhere ? 'The stored key was given for the stored server and is not sent to another: saved like this, it is removed. Replace it to give this server a key.' : undefined}
          inputRef={form.keyInput}
          onMode={form.setKeyMode}
          onInput={form.onKeyInput}
        />
        <DraftTest
          test={draftTest.test}
          isCurrent={draftTest.isCurrent}
          isTesting={draftTest.isTesting}
          model={form.model}
          modelError={messages['model']}
          onModel={form.setModel}
          onTest={() => void form.test().then((found) => found.length > 0 && point(found))}
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
        <div className="flex items-center gap-3">
          <Switch id={switchId} name="is_enabled" checked={values.is_enabled} onCheckedChange={(isOn) => change({ is_enabled: isOn })} />
          <label htmlFor={switchId} className="text-body">Switched on<span className="block text-caption text-muted-foreground">Off: no call is sent, and agents go on with their fallbacks.</span></label>
        </div>
      </div>
      <div className="flex flex-row-reverse flex-wrap items-center gap-3 border-t bg-popover px-4 py-3 sm:px-6">
        <Button type="submit" isBusy={form.isSaving}>{base === undefined ? 'Add connection' : 'Save'}</Button>
        <Button variant="outline" onClick={onDone} disabled={form.isSaving}>Cancel</Button>
      </div>
      {base !== undefined && <SwitchOffDialog connection={base} isOpen={isAsking} onOpenChange={setIsAsking} onConfirm={save} />}
    </form>
  );
};
