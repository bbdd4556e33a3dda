import type { PolicyEffect } from '@contracts/approvals.ts';
import type { PolicyForm } from '@contracts/policies.ts';
import { useState } from 'react';
import { Field } from '@/components/ui/field.tsx';
import { Textarea } from '@/components/ui/textarea.tsx';
import { ConditionList } from './condition-list.tsx';
import { EffectChoice } from './effect-choice.tsx';
import { ScopeFields } from './scope-fields.tsx';
import { TermsFields } from './terms-fields.tsx';

/** A policy as a form. Disabled it still can be read: it shows what the text says, or said last. */
export const PolicyFormFields = ({ form, onChange, isDisabled }: { form: PolicyForm; onChange: (form: PolicyForm) => void; isDisabled: boolean }) => {
  const change = (changes: Partial<PolicyForm>): void => onChange({ ...form, ...changes });
  // Terms are for a question alone: they go with it, and come back with it.
  const [lastTerms, setLastTerms] = useState(form.terms);
  const changeEffect = (effect: PolicyEffect): void => {
    if (form.effect === 'ask') setLastTerms(form.terms);
    change({ effect, terms: effect === 'ask' ? (form.terms ?? lastTerms) : null });
  };
  return (
    <fieldset disabled={isDisabled} className="@container flex min-w-0 flex-col gap-6 [&_:disabled]:opacity-100 [&_input:disabled]:bg-muted [&_select:disabled]:bg-muted [&_textarea:disabled]:bg-muted">
      <legend className="sr-only">The policy as a form</legend>
      <EffectChoice value={form.effect} onChange={changeEffect} />
      <ScopeFields form={form} onChange={change} isDisabled={isDisabled} />
      <ConditionList conditions={form.conditions} onChange={(conditions) => change({ conditions })} isDisabled={isDisabled} />
      <Field label="Reason" hint="The sentence people and agents read when this policy decides.">
        {(control) => <Textarea {...control} name="reason" value={form.reason} maxLength={500} onChange={(event) => change({ reason: event.target.value })} />}
      </Field>
      {form.effect === 'ask' && <TermsFields terms={form.terms} onChange={(terms) => change({ terms })} isDisabled={isDisabled} />}
    </fieldset>
  );
};
