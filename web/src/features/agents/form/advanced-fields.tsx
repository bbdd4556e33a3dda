import type { ModelProvider } from '@contracts/agents.ts';
import { ChevronDown, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { UseFormReturn } from 'react-hook-form';
import { Button } from '@/components/ui/button.tsx';
import { Field, type FieldControlProps } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { advancedFields, type AgentFormValues } from './form-values.ts';
import { hasParameters, type parameterSpecs, visibleParameters } from './parameter-values.ts';

type Spec = (typeof parameterSpecs)[number];
type Form = Pick<UseFormReturn<AgentFormValues>, 'register'>;

const ParameterControl = ({ spec, control, register }: { spec: Spec; control: FieldControlProps } & Form) => {
  const field = register(spec.field);
  if (spec.input === 'lines') return <Textarea {...control} {...field} spellCheck={false} autoCapitalize="none" className="min-h-16 font-mono sm:text-row" />;
  if (typeof spec.input === 'string') return <Input {...control} {...field} inputMode={spec.input} autoComplete="off" placeholder="the provider’s own" />;
  return (
    <Select {...control} {...field}>
      <option value="">The provider’s own</option>
      {spec.input.options.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
    </Select>
  );
};

/** Says that a value is not taken by what is chosen now, and the one press that takes it back. */
export const NotTaken = ({ what, connection, onClear }: { what: string; connection: string; onClear: () => void }) => (
  <div role="status" className="flex flex-wrap items-center gap-2 rounded-control bg-waiting-tint px-2.5 py-1.5 text-caption text-waiting-text">
    <TriangleAlert aria-hidden className="size-4 shrink-0" />
    <span className="min-w-0 flex-1">{connection} does not take this.</span>
    <Button variant="outline" size="small" onClick={onClear} aria-label={`Clear ${what}`}>Clear</Button>
  </div>
);

/**
 * How the model answers: only what the chosen connection takes, and what holds a value although it does not. Folded away until one is
 * set; what is open stays open.
 */
export const AdvancedFields = ({ connection, values, errors, register, onClear }: { connection: ModelProvider | undefined; values: AgentFormValues; errors: Record<string, string | undefined>; onClear: (field: Spec['field']) => void } & Form) => {
  const isSet = values.max_output_tokens.trim() !== '' || hasParameters(values);
  const [isOpen, setIsOpen] = useState(isSet);
  const shown = visibleParameters(values, connection?.parameters);
  const label = connection?.label ?? 'The connection';
  const refused = shown.filter(({ isTaken }) => !isTaken).length;
  return (
    <details className="group rounded-control border" open={isOpen || refused > 0 || advancedFields.some((field) => errors[field] !== undefined)} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="flex min-h-9 cursor-pointer items-center px-3 text-body font-medium max-sm:min-h-11">
        Advanced <span className="ml-2 font-normal text-muted-foreground">how the model answers; empty leaves it to the provider</span>
        <ChevronDown aria-hidden className="ml-auto size-4 shrink-0 transition-transform duration-120 group-open:rotate-180" />
      </summary>
      <div className="grid items-start gap-4 border-t p-3 sm:grid-cols-2 lg:grid-cols-3">
        <Field label="Longest answer, in tokens" hint="16 to 200 000." error={errors['max_output_tokens']}>
          {(control) => <Input {...control} {...register('max_output_tokens')} inputMode="numeric" autoComplete="off" placeholder="the provider’s own" />}
        </Field>
        {shown.map(({ spec, isTaken }) => (
          <div key={spec.name} className="flex flex-col gap-1.5">
            <Field label={spec.label} hint={spec.hint} error={errors[spec.field]}>{(control) => <ParameterControl spec={spec} control={control} register={register} />}</Field>
            {!isTaken && <NotTaken what={spec.label} connection={label} onClear={() => onClear(spec.field)} />}
          </div>
        ))}
      </div>
    </details>
  );
};
