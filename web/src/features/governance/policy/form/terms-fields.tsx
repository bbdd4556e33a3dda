import { approverSchema } from '@contracts/approvals.ts';
import { type PolicyTerms, policyTermsSchema } from '@contracts/policies.ts';
import { Plus, Trash2 } from 'lucide-react';
import { TokensField } from '@/components/tokens-field.tsx';
import { Button } from '@/components/ui/button.tsx';
import { CheckboxField } from '@/components/ui/checkbox-field.tsx';
import { Field } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { SecondsField } from './seconds-field.tsx';
import { useApproverChoices } from './use-choices.ts';

const noTerms = policyTermsSchema.parse({});
const approverProblem = (text: string): string | undefined => {
  const parsed = approverSchema.safeParse(text);
  return parsed.success ? undefined : parsed.error.issues[0]?.message;
};

const Escalations = ({ terms, onChange, isDisabled }: { terms: PolicyTerms; onChange: (escalations: PolicyTerms['escalations']) => void; isDisabled: boolean }) => {
  const choices = useApproverChoices();
  const { escalations } = terms;
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-body font-medium">Escalation <span className="font-normal text-muted-foreground">whoever may decide too when nobody has</span></legend>
      {escalations.map((step, place) => (
        <div key={place} className="flex items-start gap-2 rounded-control border p-3">
          <div className="grid min-w-0 flex-1 items-start gap-2 @lg:grid-cols-[13rem_minmax(0,1fr)]">
            <SecondsField label="After" name={`escalation-${place}-after`} seconds={step.after_seconds} onChange={(seconds) => onChange(escalations.with(place, { ...step, after_seconds: seconds ?? 0 }))} />
            <TokensField label="To" name={`escalation-${place}-to`} values={step.approvers} suggestions={choices} problemOf={approverProblem} placeholder="group:managers" isDisabled={isDisabled} onChange={(approvers) => onChange(escalations.with(place, { ...step, approvers }))} />
          </div>
          {!isDisabled && <Button variant="ghost" size="icon" className="mt-6.5" aria-label={`Take out escalation ${place + 1}`} onClick={() => onChange(escalations.toSpliced(place, 1))}><Trash2 aria-hidden /></Button>}
        </div>
      ))}
      {isDisabled ? escalations.length === 0 && <p className="text-row text-muted-foreground">None.</p> : (
        <div><Button variant="outline" size="small" disabled={escalations.length >= 5} onClick={() => onChange([...escalations, { after_seconds: 3600 * (escalations.length + 1), approvers: [] }])}><Plus aria-hidden />Add a step</Button></div>
      )}
    </fieldset>
  );
};

/** What the approvals are like that this policy asks for. What is left empty other policies or the installation say. */
export const TermsFields = ({ terms: given, onChange, isDisabled }: { terms: PolicyTerms | null; onChange: (terms: PolicyTerms | null) => void; isDisabled: boolean }) => {
  const choices = useApproverChoices();
  const terms = given ?? noTerms;
  const change = (changes: Partial<PolicyTerms>): void => {
    const next = { ...terms, ...changes };
    onChange(JSON.stringify(next) === JSON.stringify(noTerms) ? null : next);
  };
  const areAllEditable = terms.editable_fields === null;
  return (
    <fieldset className="flex min-w-0 flex-col gap-4">
      <legend className="mb-2 text-body font-semibold">Terms of the approval</legend>
      <div className="grid items-start gap-3 @sm:grid-cols-[minmax(0,1fr)_8rem]">
        <TokensField
          label="Approvers" name="approvers" values={terms.approvers} suggestions={choices} problemOf={approverProblem} placeholder="anybody who may decide" isDisabled={isDisabled}
          hint="A role, a person or a group: role:approver, user:ana@example.com, group:finance."
          onChange={(approvers) => change({ approvers })}
        />
        <Field label="How many" hint="Different people.">
          {(control) => <Select {...control} name="quorum" value={terms.quorum} onChange={(event) => change({ quorum: Number(event.target.value) })}>{Array.from({ length: 20 }, (_, index) => <option key={index} value={index + 1}>{index + 1}</option>)}</Select>}
        </Field>
      </div>
      <div className="grid items-start gap-3 @2xl:grid-cols-3">
        <SecondsField label="Expires after" name="expires" seconds={terms.expires_after_seconds} placeholder="as usual" hint="Then it counts as rejected." onChange={(seconds) => change({ expires_after_seconds: seconds })} />
        <SecondsField label="Can be extended to" name="extendable" seconds={terms.extendable_to_seconds} placeholder="as usual" hint="From the request on." onChange={(seconds) => change({ extendable_to_seconds: seconds })} />
        <SecondsField label="Reminder after" name="reminder" seconds={terms.reminder_after_seconds} placeholder="none" onChange={(seconds) => change({ reminder_after_seconds: seconds })} />
      </div>
      <Escalations terms={terms} isDisabled={isDisabled} onChange={(escalations) => change({ escalations })} />
      <CheckboxField name="forbids_self_approval" isChecked={terms.forbids_self_approval} onChange={(forbids) => change({ forbids_self_approval: forbids })}>Whoever started the run may not approve it</CheckboxField>
      <div className="grid items-start gap-3 @lg:grid-cols-2">
        <Field label="Arguments an approver may edit">
          {(control) => (
            <Select {...control} name="editable" value={areAllEditable ? 'all' : 'some'} onChange={(event) => change({ editable_fields: event.target.value === 'all' ? null : [] })}>
              <option value="all">All</option>
              <option value="some">Only these</option>
            </Select>
          )}
        </Field>
        {!areAllEditable && <TokensField label="Editable arguments" name="editable_fields" values={terms.editable_fields ?? []} placeholder="none" hint="By name: subject, text. None: the call is approved as it is." isDisabled={isDisabled} onChange={(fields) => change({ editable_fields: fields })} />}
      </div>
    </fieldset>
  );
};
