import type { PolicyForm } from '@contracts/policies.ts';
import { riskLevels, toolNameSchema } from '@contracts/tools.ts';
import { TokensField } from '@/components/tokens-field.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { CheckboxField } from '@/components/ui/checkbox-field.tsx';
import { useScopeChoices } from './use-choices.ts';

type Scope = Pick<PolicyForm, 'tools' | 'agent_ids' | 'tags' | 'data_sources' | 'hosts' | 'risk_levels'>;

const isId = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Which calls the policy is about; what is left empty means any. */
export const ScopeFields = ({ form, onChange, isDisabled }: { form: PolicyForm; onChange: (changes: Partial<Scope>) => void; isDisabled: boolean }) => {
  const choices = useScopeChoices();
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-2 text-body font-semibold">Applies to <span className="font-normal text-muted-foreground">what is left empty means any</span></legend>
      <div className="grid gap-3 @sm:grid-cols-2">
        <TokensField
          label="Tools" name="tools" values={form.tools} suggestions={choices.tools} placeholder="any tool" isDisabled={isDisabled}
          problemOf={(name) => (toolNameSchema.safeParse(name).success ? undefined : 'A tool name has letters, digits, _ and -.')}
          onChange={(tools) => onChange({ tools })}
        />
        <TokensField
          label="Agents" name="agents" values={form.agent_ids} suggestions={choices.agents} placeholder="any agent" isDisabled={isDisabled}
          problemOf={(id) => (isId(id) ? undefined : `There is no agent “${id}”.`)}
          onChange={(ids) => onChange({ agent_ids: ids })}
        />
        <TokensField label="Tags of the agent" name="tags" values={form.tags} suggestions={choices.tags} placeholder="any" isDisabled={isDisabled} onChange={(tags) => onChange({ tags })} />
        <TokensField label="Data sources" name="data_sources" values={form.data_sources} suggestions={choices.dataSources} placeholder="any" isDisabled={isDisabled} onChange={(sources) => onChange({ data_sources: sources })} />
        <TokensField label="Hosts" name="hosts" hint="Such as api.example.com." values={form.hosts} placeholder="any host" isDisabled={isDisabled} onChange={(hosts) => onChange({ hosts: hosts.map((host) => host.toLowerCase()) })} />
        <fieldset className="min-w-0">
          <legend className="mb-1.5 text-body font-medium">Risk of the call</legend>
          <div className="flex flex-wrap gap-x-4 gap-y-2">
            {riskLevels.map((risk) => (
              <CheckboxField
                key={risk}
                name={`risk-${risk}`}
                className="items-center [&>button]:mt-0"
                isChecked={form.risk_levels.includes(risk)}
                onChange={(isOn) => onChange({ risk_levels: riskLevels.filter((one) => (one === risk ? isOn : form.risk_levels.includes(one))) })}
              >
                <RiskChip risk={risk} />
              </CheckboxField>
            ))}
          </div>
        </fieldset>
      </div>
    </fieldset>
  );
};
