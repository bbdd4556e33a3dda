import type { Agent, CreateAgentInput } from '@contracts/agents.ts';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { focusField, FormSummary } from '@/components/form-summary.tsx';
import { LimitFields } from '@/components/limits/limit-fields.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { toAgentBody } from './form-values.ts';
import { ModelFields } from './model-fields.tsx';
import { RejectionChoice } from './rejection-choice.tsx';
import { ToolPicker } from './tool-picker.tsx';
import { useAgentForm } from './use-agent-form.ts';

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex flex-col gap-4">
    <h3 className="border-b pb-1 text-title font-semibold">{title}</h3>
    {children}
  </section>
);

/**
 * Everything about an agent, for a new one and for a change. `onSend` talks to the server and throws what it refuses, which lands on
 * the fields it is about; what is typed is kept as a draft until it was taken.
 */
export const AgentForm = ({ base, sendLabel, onSend, onCancel }: { base?: Agent | undefined; sendLabel: string; onSend: (body: CreateAgentInput) => Promise<void>; onCancel: () => void }) => {
  const { form, messages, problems, draftSavedAt, discardDraft, forgetDraft, checkName, showRefusal, clearFormProblems } = useAgentForm(base);
  const { register, setValue, trigger, formState } = form;
  const [isSending, setIsSending] = useState(false);
  const formRef = useRef<HTMLFormElement>(null);
  const summaryRef = useRef<HTMLDivElement>(null);
  const values = form.watch();

  /** To the one field that is wrong, else to the summary with its links. */
  const point = (found: { field?: string | undefined }[]): void => {
    const [first] = found;
    if (found.length === 1 && first?.field !== undefined) focusField(formRef.current, first.field);
    else setTimeout(() => {
      summaryRef.current?.focus();
      summaryRef.current?.scrollIntoView({ block: 'center' });
    });
  };
  const sendValid = async (): Promise<void> => {
    if (isSending) return;
    setIsSending(true);
    clearFormProblems();
    try {
      await onSend(toAgentBody(form.getValues()).body);
      forgetDraft();
    } catch (error) {
      point(showRefusal(error));
    } finally {
      setIsSending(false);
    }
  };
  const showInvalid = (): void => {
    clearFormProblems();
    point(toAgentBody(form.getValues()).issues.map(({ path }) => ({ field: path })));
  };
  const send = (event?: FormEvent): Promise<void> => form.handleSubmit(sendValid, showInvalid)(event);
  useFormKeys(formRef, { onSend: () => void send() });

  const revalidate = { shouldDirty: true, shouldValidate: formState.isSubmitted };
  const name = register('name');
  return (
    <form ref={formRef} noValidate onSubmit={(event) => void send(event)} className="flex min-h-0 flex-1 flex-col">
      <div className="flex-1 overflow-y-auto p-4 sm:p-6">
        <div className="mx-auto flex max-w-4xl flex-col gap-8">
          {draftSavedAt !== undefined && (
            <div role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-control bg-muted px-3 py-2 text-row">
              <span className="flex-1">Your draft from <RelativeTime at={new Date(draftSavedAt).toISOString()} /> was restored.</span>
              <Button variant="link" size="inline" onClick={discardDraft}>Discard draft</Button>
            </div>
          )}
          {formState.isSubmitted && <FormSummary ref={summaryRef} problems={problems} onGo={(field) => focusField(formRef.current, field)} title={base === undefined ? 'The agent was not created' : 'The agent was not saved'} />}
          <Section title="What it is">
            <Field label="Name" isRequired error={messages['name']}>
              {(control) => (
                <Input
                  {...control}
                  {...name}
                  maxLength={120}
                  autoComplete="off"
                  className="max-w-md"
                  onBlur={(event) => {
                    void name.onBlur(event);
                    void checkName();
                  }}
                />
              )}
            </Field>
            <Field label="Purpose" isRequired hint="What it is for, in a sentence; the model reads it too." error={messages['purpose']}>
              {(control) => <Textarea {...control} {...register('purpose')} maxLength={2000} />}
            </Field>
          </Section>
          <Section title="Model">
            <ModelFields
              provider={values.llm_provider}
              model={values.llm_model}
              errors={messages}
              onProvider={(provider) => {
                setValue('llm_provider', provider, revalidate);
                // Another provider does not know this model.
                setValue('llm_model', '', { shouldDirty: true, shouldValidate: false });
              }}
              onModel={(model) => setValue('llm_model', model, revalidate)}
              onBlur={() => void trigger('llm_model')}
            />
            <Field label="Instructions" hint="How it should work, what it must not do. Optional." error={messages['instructions']}>
              {(control) => <Textarea {...control} {...register('instructions')} maxLength={20_000} className="min-h-32" />}
            </Field>
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label="Temperature" hint="0 to 2. Empty: the provider's own." error={messages['temperature']}>
                {(control) => <Input {...control} {...register('temperature')} inputMode="decimal" autoComplete="off" />}
              </Field>
              <Field label="Longest answer, in tokens" hint="Empty: the provider's own." error={messages['max_output_tokens']}>
                {(control) => <Input {...control} {...register('max_output_tokens')} inputMode="numeric" autoComplete="off" />}
              </Field>
            </div>
          </Section>
          <Section title="Powers">
            <ToolPicker chosen={values.tools} error={messages['tools']} onChange={(tools) => setValue('tools', tools, revalidate)} />
            <RejectionChoice value={values.on_rejection} onChange={(choice) => setValue('on_rejection', choice, revalidate)} />
          </Section>
          <Section title="Limits of each run">
            <LimitFields values={values.limits} errors={messages} onChange={(changes) => setValue('limits', { ...values.limits, ...changes }, revalidate)} onBlur={() => void trigger('limits')} />
          </Section>
        </div>
      </div>
      <div className="border-t bg-popover px-4 py-3 sm:px-6">
        <div className="mx-auto flex max-w-4xl flex-row-reverse flex-wrap items-center gap-3">
          <Button type="submit" isBusy={isSending}>{sendLabel}</Button>
          <Button variant="outline" onClick={onCancel} disabled={isSending}>Cancel</Button>
          <span className="mr-auto text-caption text-muted-foreground max-sm:hidden">Kept as a draft in this browser while you type.</span>
        </div>
      </div>
    </form>
  );
};
