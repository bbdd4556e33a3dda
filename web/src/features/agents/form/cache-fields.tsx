import { useId } from 'react';
import { type DurationUnit, durationUnits } from '@/components/limits/limit-values.ts';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import type { AgentFormValues } from './form-values.ts';

/** Whether the very same request may be answered from what was answered before, and for how long. */
export const CacheFields = ({ values, error, onChange, onBlur }: { values: AgentFormValues['cache_policy']; error: string | undefined; onChange: (values: AgentFormValues['cache_policy']) => void; onBlur: () => void }) => {
  const id = useId();
  const isOn = values.mode === 'on';
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-start gap-3">
        <Switch id={id} checked={isOn} onCheckedChange={(next) => onChange({ ...values, mode: next ? 'on' : 'off' })} aria-describedby={`${id}-about`} className="mt-0.5" />
        <div>
          <label htmlFor={id} className="text-body font-medium">Answer identical requests from the cache</label>
          <p id={`${id}-about`} className="text-caption text-muted-foreground">
            A request that is the same to the last word, with the same model, tools and parameters, gets the answer of the first one: at once and free of charge. Leave it off where answers should differ or go stale. Tools run anew all the same.
          </p>
        </div>
      </div>
      {isOn && (
        <Field label="Keep answers for" error={error} className="max-w-60">
          {(control) => (
            <span className="flex gap-2">
              <Input {...control} name="cache_policy.ttl" value={values.ttl} inputMode="decimal" autoComplete="off" onChange={(event) => onChange({ ...values, ttl: event.target.value })} onBlur={onBlur} className="w-20" />
              <Select aria-label="Unit of time" value={values.unit} onChange={(event) => onChange({ ...values, unit: event.target.value as DurationUnit })} className="min-w-0 flex-1">
                {Object.keys(durationUnits).map((unit) => <option key={unit} value={unit}>{unit}</option>)}
              </Select>
            </span>
          )}
        </Field>
      )}
    </div>
  );
};
