import { type CreatedWebhook, noticeKinds, type Webhook } from '@contracts/notices.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useId } from 'react';
import { toast } from 'sonner';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { RecordForm } from '../forms/record-form.tsx';
import { SwitchField } from '../forms/switch-field.tsx';
import { useRecordForm } from '../forms/use-record-form.ts';
import { emptyWebhookValues, eventWords, hasEvent, toCreateBody, toggleEvent, toUpdateBody, toWebhookField, toWebhookValues, webhookFields, webhookLabels, type WebhookValues } from './webhook-values.ts';

const EventsField = ({ lines, error, onChange }: { lines: string; error: string | undefined; onChange: (lines: string) => void }) => {
  const id = useId();
  return (
    <fieldset aria-describedby={error === undefined ? undefined : `${id}-error`}>
      <legend className="mb-1.5 text-body font-medium">Events <span className="font-normal text-muted-foreground">(required)</span></legend>
      <div className="flex flex-col gap-2">
        {noticeKinds.map((kind, index) => (
          <div key={kind} className="flex items-start gap-2.5">
            {/* What is wrong with the choice leads to its first box. */}
            <Checkbox id={`${id}-${kind}`} {...(index === 0 ? { name: 'events' } : {})} className="mt-0.5" checked={hasEvent(lines, kind)} onCheckedChange={() => onChange(toggleEvent(lines, kind))} />
            <label htmlFor={`${id}-${kind}`} className="text-body max-sm:min-h-11">
              {eventWords[kind].word}
              <span className="block text-caption text-muted-foreground">{eventWords[kind].meaning}</span>
            </label>
          </div>
        ))}
      </div>
      {error !== undefined && <div className="mt-1.5"><FieldError id={`${id}-error`}>{error}</FieldError></div>}
    </fieldset>
  );
};

/** A webhook: a new one, or another address, name or choice of events for one. */
export const WebhookForm = ({ webhook: opened, onCreated, onDone, onDirty }: { webhook?: Webhook | undefined; onCreated: (created: CreatedWebhook) => void; onDone: () => void; onDirty: (isDirty: boolean) => void }) => {
  const queryClient = useQueryClient();
  const form = useRecordForm<Webhook, WebhookValues>({
    opened,
    empty: emptyWebhookValues,
    toValues: toWebhookValues,
    fields: webhookFields,
    labelOf: (field) => webhookLabels[field] ?? field,
    issuesOf: (typed) => toCreateBody(typed).issues,
    toField: toWebhookField,
    readLatest: async ({ id }) => (await queryClient.fetchQuery({ ...apiQuery('listWebhooks'), staleTime: 0 })).items.find((one) => one.id === id),
    codes: { changed: 'WEBHOOK_CHANGED', gone: 'WEBHOOK_NOT_FOUND' },
    noun: 'webhook',
  });
  const { base, values, messages, change, touch } = form;
  const save = async (): Promise<void> => {
    const outcome = await form.save(async () => {
      const body = base === undefined ? undefined : toUpdateBody(values, base);
      if (base !== undefined && body === undefined) return 'unchanged' as const;
      const created = base === undefined || body === undefined ? await api.call('createWebhook', { body: toCreateBody(values).body }) : undefined;
      if (created === undefined && base !== undefined && body !== undefined) await api.call('updateWebhook', { params: { id: base.id }, body });
      void refresh(queryClient, 'listWebhooks');
      return created ?? ('saved' as const);
    });
    if ('problems' in outcome) {
      form.point(outcome.problems);
      return;
    }
    if (typeof outcome.saved === 'object') {
      onDirty(false);
      onCreated(outcome.saved);
      return;
    }
    if (outcome.saved === 'unchanged') toast.message('Nothing was changed');
    else toast.success('Webhook saved', { description: values.name.trim() });
    onDone();
  };
  return (
    <RecordForm
      form={form}
      noun="webhook"
      isNew={base === undefined}
      isDirty={form.isChanged}
      onDirty={onDirty}
      check={() => form.check(webhookFields)}
      onSend={() => void save()}
      onCancel={onDone}
      sendLabel={base === undefined ? 'Add webhook' : 'Save'}
    >
      <Field label="Name" isRequired error={messages['name']}>
        {(control) => <Input {...control} name="name" value={values.name} maxLength={120} autoComplete="off" onChange={(event) => change({ name: event.target.value })} onBlur={() => touch('name')} />}
      </Field>
      <Field label="Address" isRequired hint="Each event is posted there as JSON, signed. Redirects are not followed, and addresses of this network are refused unless HTTP_TOOL_ALLOW_HOSTS names them." error={messages['url']}>
        {(control) => <Input {...control} name="url" type="url" inputMode="url" value={values.url} maxLength={2_000} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="https://" onChange={(event) => change({ url: event.target.value })} onBlur={() => touch('url')} />}
      </Field>
      <EventsField
        lines={values.events}
        error={messages['events']}
        onChange={(events) => {
          change({ events });
          touch('events');
        }}
      />
      <SwitchField name="isEnabled" hint="Off: nothing is sent, and what waits is dropped." isOn={values.isEnabled} onChange={(isEnabled) => change({ isEnabled })} />
    </RecordForm>
  );
};
