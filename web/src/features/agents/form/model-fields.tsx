import type { ModelProvider, ModelTarget } from '@contracts/agents.ts';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { findConnection, targetKey, toTarget } from '@/components/models/model-target.ts';
import { Badge } from '@/components/ui/badge.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { cn } from '@/lib/cn.ts';
import { ModelNameField } from './model-name-field.tsx';
import { useModelNames } from './use-model-names.ts';

const cardClass = 'flex cursor-pointer items-start gap-2.5 rounded-control border border-input bg-card p-3 hover:bg-muted';
const chosenClass = 'border-primary outline-1 outline-primary';
const radioClass = 'mt-0.5 size-4 shrink-0 accent-primary';

const ConnectionChoice = ({ connection, isChosen, onChoose }: { connection: ModelProvider; isChosen: boolean; onChoose: () => void }) => {
  const id = useId();
  return (
    <label htmlFor={id} className={cn(cardClass, isChosen && chosenClass)}>
      <input id={id} type="radio" name="llm_connection" value={targetKey(toTarget(connection))} checked={isChosen} onChange={onChoose} className={radioClass} />
      <span className="flex min-w-0 flex-col gap-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1 text-body font-medium wrap-anywhere">
          {connection.label}
          {!connection.is_configured && <Badge className="bg-waiting-tint text-waiting-text">Not connected</Badge>}
        </span>
        {connection.is_scripted && <span className="text-caption text-muted-foreground">Follows a script; no model is called and no key is needed.</span>}
        {!connection.is_configured && connection.configuration_hint !== null && <span className="text-caption text-muted-foreground">{connection.configuration_hint}</span>}
      </span>
    </label>
  );
};

/** Connection and model: what is connected, what is not and why, and which models are known. */
export const ModelFields = ({ connections, target, errors, onTarget, onBlur }: {
  connections: readonly ModelProvider[];
  target: ModelTarget;
  errors: Record<string, string | undefined>;
  onTarget: (changes: Partial<ModelTarget>) => void;
  onBlur: () => void;
}) => {
  const chosen = findConnection(connections, target);
  const { names, isListed, error } = useModelNames(chosen);
  const toIntegrations = <Link to="/integrations" search={{ tab: 'models' }} className="text-primary underline underline-offset-4">Integrations</Link>;
  const hint =
    chosen === undefined ? <>This connection is gone; choose another. {toIntegrations}</>
    : chosen.is_scripted ? undefined
    : !chosen.is_configured ? <>Calls will fail until it is connected. {toIntegrations}</>
    : error !== undefined ? `The server’s list of models could not be read (${error}). Any name it knows will do.`
    : isListed ? 'Suggestions come from the server; any name it knows will do.'
    : 'Suggestions are models with known prices; any name the server knows will do.';
  return (
    <div className="flex flex-col gap-4">
      <fieldset data-field="llm_connection" tabIndex={-1}>
        <legend className="mb-1.5 text-body font-medium">Connection</legend>
        <div className="grid gap-2 md:grid-cols-3">
          {chosen === undefined && (
            <span className={cn(cardClass, chosenClass, 'cursor-default flex-col gap-1')}>
              <span className="flex flex-wrap items-center gap-2 text-body font-medium">{target.llm_provider}<Badge className="bg-failed-tint text-failed-text">Gone</Badge></span>
              <span className="text-caption text-muted-foreground">The agent names a connection that was deleted.</span>
            </span>
          )}
          {connections.map((one) => <ConnectionChoice key={targetKey(toTarget(one))} connection={one} isChosen={one === chosen} onChoose={() => onTarget(toTarget(one))} />)}
        </div>
        {errors['llm_connection'] !== undefined && <div className="mt-1.5"><FieldError>{errors['llm_connection']}</FieldError></div>}
      </fieldset>
      <Field label="Model" isRequired hint={hint} error={errors['llm_model']} className="max-w-md">
        {(control) => <ModelNameField control={control} name="llm_model" connection={chosen} names={names} value={target.llm_model} onChange={(model) => onTarget({ llm_model: model })} onBlur={onBlur} />}
      </Field>
    </div>
  );
};
