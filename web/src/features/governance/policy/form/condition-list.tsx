import type { PolicyCondition } from '@contracts/policies.ts';
import type { PolicyFact } from '@contracts/policy-words.ts';
import { useQuery } from '@tanstack/react-query';
import { Plus, Trash2 } from 'lucide-react';
import { TokensField } from '@/components/tokens-field.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { argumentKindOf, argumentKinds, factWords, groupFacts, kindOfFact, operatorWords, toNumberValue, withFact, withOperator, withValue } from './condition-values.ts';

interface ValueProps {
  condition: PolicyCondition;
  place: number;
  facts: readonly PolicyFact[];
  onChange: (condition: PolicyCondition) => void;
  isDisabled: boolean;
}

const ValueField = ({ condition, place, facts, onChange, isDisabled }: ValueProps) => {
  const { type } = kindOfFact(facts, condition);
  const { operator, value } = condition;
  const name = `condition-${place}-value`;
  if (operator === 'is_known') return null;
  if (operator === 'contains_any') return <TokensField label="Values" name={name} values={Array.isArray(value) ? value : []} placeholder="one or more" isDisabled={isDisabled} onChange={(values) => onChange(withValue(condition, values))} />;
  if (type === 'boolean') {
    return <Field label="Value">{(control) => <Select {...control} name={name} value={String(value)} onChange={(event) => onChange(withValue(condition, event.target.value === 'true'))}><option value="true">Yes</option><option value="false">No</option></Select>}</Field>;
  }
  const text = value === undefined || Array.isArray(value) ? '' : String(value);
  return (
    <Field label="Value" hint={operator === 'matches' ? '* stands for any run of characters.' : undefined}>
      {(control) => (
        <Input
          {...control}
          name={name}
          value={text}
          inputMode={type === 'number' ? 'numeric' : 'text'}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onChange={(event) => onChange(withValue(condition, type === 'number' ? toNumberValue(event.target.value) : event.target.value))}
          className={type === 'number' ? 'tabular' : ''}
        />
      )}
    </Field>
  );
};

const ConditionRow = ({ condition, place, facts, onChange, onRemove, isDisabled }: ValueProps & { onRemove: () => void }) => {
  const argument = argumentKindOf(condition.fact);
  const { operators } = kindOfFact(facts, condition);
  const described = facts.find(({ name }) => name === condition.fact);
  const isGone = condition.fact !== '' && argument === undefined && described === undefined;
  const limited = described !== undefined && described.tools.length > 0 ? ` Only calls of ${described.tools.join(', ')} have it.` : '';
  return (
    <li className="flex flex-col gap-2 rounded-control border p-3">
      <div className="flex items-start gap-2">
        <div className="grid min-w-0 flex-1 items-start gap-2 @sm:grid-cols-2 @2xl:grid-cols-3">
          <Field label="Fact">
            {(control) => (
              <Select {...control} name={`condition-${place}-fact`} value={argument ?? condition.fact} onChange={(event) => onChange(withFact(facts, condition, event.target.value))}>
                <option value="" disabled>Choose a fact</option>
                {isGone && <option value={condition.fact}>{condition.fact}</option>}
                {groupFacts(facts).map(({ label, facts: grouped }) => (
                  <optgroup key={label} label={label}>{grouped.map(({ name }) => <option key={name} value={name}>{factWords(name)}</option>)}</optgroup>
                ))}
                <optgroup label="By the argument's name">{Object.entries(argumentKinds).map(([kind, label]) => <option key={kind} value={kind}>{label}</option>)}</optgroup>
              </Select>
            )}
          </Field>
          <Field label="Comparison">
            {(control) => (
              <Select {...control} name={`condition-${place}-operator`} value={condition.operator} disabled={condition.fact === ''} onChange={(event) => onChange(withOperator(facts, condition, event.target.value as PolicyCondition['operator']))}>
                {operators.map((operator) => <option key={operator} value={operator}>{operatorWords[operator]}</option>)}
              </Select>
            )}
          </Field>
          <ValueField condition={condition} place={place} facts={facts} onChange={onChange} isDisabled={isDisabled} />
        </div>
        {!isDisabled && <Button variant="ghost" size="icon" className="mt-6.5" aria-label={`Take out condition ${place + 1}`} onClick={onRemove}><Trash2 aria-hidden /></Button>}
      </div>
      {argument !== undefined && (
        <Field label="Name of the argument" hint="As the tool calls it; what lies inside another one goes by outer.inner.">
          {(control) => <Input {...control} name={`condition-${place}-argument`} value={condition.fact.slice(argument.length)} maxLength={100} autoComplete="off" autoCapitalize="none" spellCheck={false} className="font-mono" onChange={(event) => onChange({ ...condition, fact: `${argument}${event.target.value.trim()}` })} />}
        </Field>
      )}
      {described !== undefined && <p className="text-caption text-muted-foreground">{described.description}{limited}</p>}
      {isGone && facts.length > 0 && <p className="text-caption text-destructive">This system has no such fact.</p>}
    </li>
  );
};

/** What must hold of a call besides what it applies to; all of it. */
export const ConditionList = ({ conditions, onChange, isDisabled }: { conditions: readonly PolicyCondition[]; onChange: (conditions: PolicyCondition[]) => void; isDisabled: boolean }) => {
  const facts = useQuery({ ...apiQuery('listPolicyFacts'), staleTime: 300_000 });
  const items = facts.data?.items ?? [];
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-2 text-body font-semibold">Only when <span className="font-normal text-muted-foreground">all of these hold</span></legend>
      {conditions.length > 0 && (
        <ol className="flex flex-col gap-2" aria-label="Conditions">
          {conditions.map((condition, place) => (
            <ConditionRow
              key={place}
              condition={condition}
              place={place}
              facts={items}
              isDisabled={isDisabled}
              onChange={(changed) => onChange(conditions.with(place, changed))}
              onRemove={() => onChange(conditions.toSpliced(place, 1))}
            />
          ))}
        </ol>
      )}
      {isDisabled ? conditions.length === 0 && <p className="text-row text-muted-foreground">Always.</p> : (
        <div><Button variant="outline" size="small" disabled={conditions.length >= 20} onClick={() => onChange([...conditions, { fact: '', operator: 'is' }])}><Plus aria-hidden />Add a condition</Button></div>
      )}
      {facts.isError && <p role="status" className="text-row text-waiting-text">The list of facts could not be loaded; the text can still be written.</p>}
    </fieldset>
  );
};
