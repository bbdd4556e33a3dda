import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { type DurationUnit, durationUnits, type LimitValues } from './limit-values.ts';

/** The limits of a run or agent. `errors` and the names of the fields start with `limits.`. */
export const LimitFields = ({ values, errors, onChange, onBlur }: { values: LimitValues; errors: Record<string, string | undefined>; onChange: (changes: Partial<LimitValues>) => void; onBlur?: () => void }) => {
  const number = (name: 'max_iterations' | 'max_tokens' | 'max_cost' | 'max_duration') => ({
    name: `limits.${name}`,
    value: values[name],
    inputMode: name === 'max_iterations' || name === 'max_tokens' ? ('numeric' as const) : ('decimal' as const),
    autoComplete: 'off',
    onChange: (event: { target: { value: string } }) => onChange({ [name]: event.target.value }),
    onBlur,
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
      <Field label="Iterations" hint="Turns of reasoning at most" error={errors['limits.max_iterations']}>
        {(control) => <Input {...control} {...number('max_iterations')} />}
      </Field>
      <Field label="Tokens" hint="In and out together" error={errors['limits.max_tokens']}>
        {(control) => <Input {...control} {...number('max_tokens')} />}
      </Field>
      <Field label="Cost in dollars" hint="Empty: no limit" error={errors['limits.max_cost']}>
        {(control) => <Input {...control} {...number('max_cost')} />}
      </Field>
      <Field label="Time" hint="Waiting for people included" error={errors['limits.max_duration']}>
        {(control) => (
          <span className="flex gap-2">
            <Input {...control} {...number('max_duration')} className="w-20" />
            <Select aria-label="Unit of time" name="limits.duration_unit" value={values.duration_unit} onChange={(event) => onChange({ duration_unit: event.target.value as DurationUnit })} className="min-w-0 flex-1">
              {Object.keys(durationUnits).map((unit) => <option key={unit} value={unit}>{unit}</option>)}
            </Select>
          </span>
        )}
      </Field>
    </div>
  );
};
