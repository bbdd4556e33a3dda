import type { ModelProvider, ModelTarget } from '@contracts/agents.ts';
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { findConnection, preferredConnection, targetKey, toTarget } from '@/components/models/model-target.ts';
import { Button } from '@/components/ui/button.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { ModelNameField } from './model-name-field.tsx';
import { moveItem } from './move-item.ts';
import { useModelNames } from './use-model-names.ts';

/** As many as the contract takes. */
const mostFallbacks = 5;

const FallbackRow = ({ connections, target, place, count, error, onChange, onMove, onRemove }: {
  connections: readonly ModelProvider[];
  target: ModelTarget;
  place: number;
  count: number;
  error: string | undefined;
  onChange: (target: ModelTarget) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
}) => {
  const connection = findConnection(connections, target);
  const { names } = useModelNames(connection);
  const label = `Fallback ${place + 1}`;
  return (
    <li role="group" aria-label={label} data-field={`fallbacks.${place}`} tabIndex={-1} className="flex flex-col gap-1.5 rounded-control border p-2">
      <div className="flex flex-wrap items-center gap-2">
        <span aria-hidden className="tabular w-4 text-center text-row text-muted-foreground">{place + 1}</span>
        <Select aria-label={`${label}: connection`} value={targetKey(target)} className="min-w-40 flex-1" onChange={(event) => {
          const next = connections.find((one) => targetKey(toTarget(one)) === event.target.value);
          if (next !== undefined) onChange({ ...toTarget(next), llm_model: '' });
        }}>
          {connection === undefined && <option value={targetKey(target)}>{target.llm_provider} (gone)</option>}
          {connections.map((one) => <option key={targetKey(toTarget(one))} value={targetKey(toTarget(one))}>{one.label}{one.is_configured ? '' : ' (not connected)'}</option>)}
        </Select>
        <span className="min-w-44 flex-1 max-sm:basis-full">
          <ModelNameField control={{ 'aria-invalid': error === undefined ? undefined : true }} aria-label={`${label}: model`} name={`fallbacks.${place}`} connection={connection} names={names} value={target.llm_model} onChange={(model) => onChange({ ...target, llm_model: model })} />
        </span>
        <span className="flex gap-1 max-sm:ml-auto">
          <Button variant="ghost" size="icon-small" data-move={`up-${place}`} disabled={place === 0} onClick={() => onMove(place - 1)} aria-label={`Move ${label} up`}><ArrowUp aria-hidden /></Button>
          <Button variant="ghost" size="icon-small" data-move={`down-${place}`} disabled={place === count - 1} onClick={() => onMove(place + 1)} aria-label={`Move ${label} down`}><ArrowDown aria-hidden /></Button>
          <Button variant="ghost" size="icon-small" onClick={onRemove} aria-label={`Remove ${label}`}><X aria-hidden /></Button>
        </span>
      </div>
      {error !== undefined && <FieldError>{error}</FieldError>}
    </li>
  );
};

/** The models that are tried, in order, when the first one cannot answer. Order is changed by buttons, so the keyboard does it too. */
export const FallbackList = ({ connections, fallbacks, errors, onChange }: { connections: readonly ModelProvider[]; fallbacks: readonly ModelTarget[]; errors: Record<string, string | undefined>; onChange: (fallbacks: ModelTarget[]) => void }) => {
  const ref = useRef<HTMLFieldSetElement>(null);
  const [said, setSaid] = useState('');
  // Where the focus goes once the list is drawn anew: it follows what was moved, and never falls off the page.
  const [focus, setFocus] = useState<string[]>();
  useEffect(() => {
    if (focus === undefined) return;
    for (const selector of focus) {
      const element = ref.current?.querySelector<HTMLElement>(selector);
      if (element == null) continue;
      element.focus();
      break;
    }
  }, [focus]);
  const move = (from: number, to: number): void => {
    onChange(moveItem(fallbacks, from, to));
    setSaid(`${fallbacks[from]?.llm_model || 'The fallback'} is now number ${to + 1} of ${fallbacks.length}.`);
    const [same, other] = to < from ? ['up', 'down'] : ['down', 'up'];
    setFocus([`[data-move="${same}-${to}"]:not(:disabled)`, `[data-move="${other}-${to}"]`]);
  };
  const add = (): void => {
    onChange([...fallbacks, { ...preferredConnection(connections), llm_model: '' }]);
    setFocus([`[data-field="fallbacks.${fallbacks.length}"] select`]);
  };
  const remove = (place: number): void => {
    onChange(fallbacks.toSpliced(place, 1));
    setSaid(`Fallback ${place + 1} is removed.`);
    setFocus([`[data-field="fallbacks.${Math.min(place, fallbacks.length - 2)}"] select`, '[data-add]']);
  };
  return (
    <fieldset ref={ref} data-field="fallbacks" tabIndex={-1} className="relative min-w-0">
      <legend className="text-body font-medium">Fallbacks <span className="font-normal text-muted-foreground">{fallbacks.length === 0 ? 'none' : ''}</span></legend>
      <p className="mb-2 text-caption text-muted-foreground">Tried in this order when the model is down, overloaded or over its limits. Instructions, tools and parameters stay the same.</p>
      {fallbacks.length > 0 && (
        <ol className="mb-2 flex flex-col gap-2">
          {fallbacks.map((target, place) => (
            <FallbackRow
              key={place}
              connections={connections}
              target={target}
              place={place}
              count={fallbacks.length}
              error={errors[`fallbacks.${place}`]}
              onChange={(next) => onChange(fallbacks.with(place, next))}
              onMove={(to) => move(place, to)}
              onRemove={() => remove(place)}
            />
          ))}
        </ol>
      )}
      {errors['fallbacks'] !== undefined && <div className="mb-2"><FieldError>{errors['fallbacks']}</FieldError></div>}
      {fallbacks.length < mostFallbacks && <Button data-add variant="outline" size="small" onClick={add}><Plus aria-hidden />Add a fallback</Button>}
      <span role="status" className="sr-only">{said}</span>
    </fieldset>
  );
};
