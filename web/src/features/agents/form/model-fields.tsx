import type { LlmProvider, ModelProvider } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ChangeEvent, useId } from 'react';
import { ErrorPanel } from '@/components/error-panel.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';

const ProviderChoice = ({ provider, isChosen, onChoose }: { provider: ModelProvider; isChosen: boolean; onChoose: () => void }) => {
  const id = useId();
  return (
    <label htmlFor={id} className={cn('flex cursor-pointer items-start gap-2.5 rounded-control border border-input bg-card p-3 hover:bg-muted', isChosen && 'border-primary outline-1 outline-primary')}>
      <input id={id} type="radio" name="llm_provider" value={provider.provider} checked={isChosen} onChange={onChoose} className="mt-0.5 size-4 shrink-0 accent-primary" />
      <span className="flex min-w-0 flex-col gap-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-body font-medium">
          {provider.label}
          {!provider.is_configured && <Badge className="bg-waiting-tint text-waiting-text">Not connected</Badge>}
        </span>
        {provider.is_scripted && <span className="text-caption text-muted-foreground">Follows a script; no model is called and no key is needed.</span>}
        {!provider.is_configured && provider.configuration_hint !== null && <span className="text-caption text-muted-foreground">{provider.configuration_hint}</span>}
      </span>
    </label>
  );
};

/** Provider and model: what is connected, what is not and why, and which models are known. */
export const ModelFields = ({
  provider,
  model,
  errors,
  onProvider,
  onModel,
  onBlur,
}: {
  provider: LlmProvider;
  model: string;
  errors: Record<string, string | undefined>;
  onProvider: (provider: LlmProvider) => void;
  onModel: (model: string) => void;
  onBlur: () => void;
}) => {
  const listId = useId();
  const models = useQuery(apiQuery('listModels'));
  if (models.data === undefined) return models.isError ? <ErrorPanel what="Models" error={models.error} onRetry={() => void models.refetch()} isRetrying={models.isFetching} /> : <Skeleton className="h-32" />;
  const chosen = models.data.items.find((one) => one.provider === provider);
  const change = (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>): void => onModel(event.target.value);
  const hint = chosen === undefined || chosen.is_scripted
    ? undefined
    : chosen.is_configured
      ? 'Suggestions are models with known prices; any name the provider knows will do.'
      : <>Runs will fail until this provider is connected. <Link to="/integrations" className="text-primary underline underline-offset-4">Integrations</Link></>;
  return (
    <div className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-1.5 text-body font-medium">Model provider</legend>
        <div className="grid gap-2 md:grid-cols-3">
          {models.data.items.map((one) => <ProviderChoice key={one.provider} provider={one} isChosen={one.provider === provider} onChoose={() => onProvider(one.provider)} />)}
        </div>
        {errors['llm_provider'] !== undefined && <FieldError>{errors['llm_provider']}</FieldError>}
      </fieldset>
      <Field label="Model" isRequired hint={hint} error={errors['llm_model']} className="max-w-md">
        {(control) =>
          chosen?.is_scripted === true ? (
            <Select {...control} name="llm_model" value={model} onChange={change} onBlur={onBlur}>
              <option value="">Choose a script</option>
              {model !== '' && !chosen.models.includes(model) && <option value={model}>{model}</option>}
              {chosen.models.map((name) => <option key={name} value={name}>{name}</option>)}
            </Select>
          ) : (
            <>
              <Input {...control} name="llm_model" value={model} onChange={change} onBlur={onBlur} list={listId} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="Choose or type a model" />
              <datalist id={listId}>{chosen?.models.map((name) => <option key={name} value={name}>{name}</option>)}</datalist>
            </>
          )}
      </Field>
    </div>
  );
};
