import type { Agent, CreateAgentInput } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { focusField, FormSummary } from '@/components/form-summary.tsx';
import { LimitFields } from '@/components/limits/limit-fields.tsx';
import { findConnection, targetKey } from '@/components/models/model-target.ts';
import { TokensField } from '@/components/tokens-field.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { useFormKeys } from '@/hooks/use-form-keys.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { AdvancedFields, NotTaken } from './advanced-fields.tsx';
import { CacheFields } from './cache-fields.tsx';
import { FallbackList } from './fallback-list.tsx';
import { toAgentBody } from './form-values.ts';
import { ModelFields } from './model-fields.tsx';
import { RejectionChoice } from './rejection-choice.tsx';
import { ToolPicker } from './tool-picker.tsx';
import { useAgentForm } from './use-agent-form.ts';

const outputSchemaExample = '{"type": "object", "properties": {"summary": {"type": "string"}}, "required": ["summary"]}';

/** As the contract takes them. */
const tagPattern = /^[a-z0-9][a-z0-9-]{0,39}$/;

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
  const models = useQuery(apiQuery('listModels'));
  const connection = findConnection(models.data?.items, values);

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
            {models.data === undefined ? (
              models.isError ? <ErrorPanel what="Models" error={models.error} onRetry={() => void models.refetch()} isRetrying={models.isFetching} /> : <Skeleton className="h-32" />
            ) : (
              <>
                <ModelFields
                  connections={models.data.items}
                  target={values}
                  errors={messages}
                  onTarget={(changes) => {
                    const next = { llm_provider: values.llm_provider, llm_connection: values.llm_connection, llm_model: values.llm_model, ...changes };
                    setValue('llm_provider', next.llm_provider);
                    setValue('llm_connection', next.llm_connection, revalidate);
                    // Another connection may not know this model.
                    if (targetKey(next) === targetKey(values)) setValue('llm_model', next.llm_model, revalidate);
                    else setValue('llm_model', '', { shouldDirty: true, shouldValidate: false });
                  }}
                  onBlur={() => void trigger('llm_model')}
                />
                <FallbackList connections={models.data.items} fallbacks={values.fallbacks} errors={messages} onChange={(fallbacks) => setValue('fallbacks', fallbacks, revalidate)} />
              </>
            )}
            <Field label="Instructions" hint="How it should work, what it must not do. Optional." error={messages['instructions']}>
              {(control) => <Textarea {...control} {...register('instructions')} maxLength={20_000} className="min-h-32" />}
            </Field>
            <AdvancedFields connection={connection} values={values} errors={messages} register={register} onClear={(field) => setValue(field, '', revalidate)} />
          </Section>
          <Section title="Answer">
            {(connection?.takes_output_schema !== false || values.output_schema.trim() !== '') && (
              <div className="flex flex-col gap-1.5">
                <Field label="Output schema" hint="JSON Schema of the final answer, an object at the top. Empty: free text. An answer that does not fit is sent back once, then fails the run." error={messages['output_schema']}>
                  {(control) => <Textarea {...control} {...register('output_schema')} spellCheck={false} autoCapitalize="none" placeholder={outputSchemaExample} className="min-h-24 font-mono sm:text-row" />}
                </Field>
                {connection?.takes_output_schema === false && <NotTaken what="Output schema" connection={connection.label} onClear={() => setValue('output_schema', '', revalidate)} />}
              </div>
            )}
            <CacheFields values={values.cache_policy} error={messages['cache_policy.ttl']} onChange={(policy) => setValue('cache_policy', policy, revalidate)} onBlur={() => void trigger('cache_policy')} />
          </Section>
          <Section title="Powers">
            <TokensField
              label="Tags"
              name="tags"
              hint="Words policies know the agent by, such as finance: small letters, digits and -."
              placeholder="none"
              values={values.tags}
              error={messages['tags']}
              problemOf={(tag) => (tagPattern.test(tag) ? undefined : `“${tag}” is no tag: small letters, digits and -, at most 40.`)}
              onChange={(tags) => setValue('tags', tags, revalidate)}
            />
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
