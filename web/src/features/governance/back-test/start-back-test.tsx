import type { PolicySummary } from '@contracts/policies.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { isBackwards, type Range, rangePresets } from '../range/time-range.ts';
import { RangeFields } from '../range/range-fields.tsx';
import { AgentChoice } from './agent-choice.tsx';
import { CedarText } from './cedar-text.tsx';

/** Drafts first: they are what is to be found out about. */
const groups: { label: string; holds: (policy: PolicySummary) => boolean }[] = [
  { label: 'Drafts', holds: ({ has_draft: hasDraft }) => hasDraft },
  { label: 'Off: as it was last live', holds: ({ has_draft: hasDraft, state }) => !hasDraft && state === 'off' },
  { label: 'Live: as it is', holds: ({ has_draft: hasDraft, state }) => !hasDraft && state === 'live' },
];

const PolicyChoice = ({ policies, chosen, onChosen }: { policies: PolicySummary[]; chosen: string | undefined; onChosen: (id: string | undefined) => void }) => (
  <Field label="Policy" isRequired hint="Its draft takes the place of what is live; a new policy stands beside all others.">
    {(control) => (
      <Select {...control} value={chosen ?? ''} onChange={(event) => onChosen(event.target.value === '' ? undefined : event.target.value)} className="sm:max-w-120">
        <option value="">Choose a policy</option>
        {groups.map(({ label, holds }) => {
          const some = policies.filter(holds);
          return some.length > 0 && <optgroup key={label} label={label}>{some.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</optgroup>;
        })}
      </Select>
    )}
  </Field>
);

/** Chooses a draft, a range and agents, and starts. */
export const StartBackTest = ({ policyId, onPolicy, onStarted }: { policyId: string | undefined; onPolicy: (id: string | undefined) => void; onStarted: (id: string) => void }) => {
  const client = useQueryClient();
  const list = useQuery(apiQuery('listPolicies'));
  const policy = useQuery({ ...apiQuery('getPolicy', { params: { id: policyId ?? '' } }), enabled: policyId !== undefined });
  const [range, setRange] = useState<Range>(() => ({ from: new Date(Date.now() - rangePresets[2].ms).toISOString(), to: undefined }));
  const [agentIds, setAgentIds] = useState<string[]>([]);
  const cedar = policyId === undefined ? undefined : (policy.data?.draft?.cedar ?? policy.data?.cedar ?? undefined);
  const start = useMutation({
    mutationFn: ({ id, text }: { id: string; text: string }) =>
      api.call('startBackTest', { body: { policy_id: id, cedar: text, from: range.from ?? new Date(0).toISOString(), to: range.to ?? new Date().toISOString(), agent_ids: agentIds } }),
    onSuccess: (backTest) => {
      onStarted(backTest.id);
      return refresh(client, 'listBackTests');
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (policyId !== undefined && cedar !== undefined && !isBackwards(range) && !start.isPending) start.mutate({ id: policyId, text: cedar });
  };
  return (
    <Card aria-labelledby="start-back-test">
      <CardHeader><CardTitle id="start-back-test">Back-test a draft</CardTitle></CardHeader>
      <CardContent>
        <DataBlock query={list} what="Policies" skeleton={<Skeleton className="h-48" />}>
          {({ items }) => {
            const written = items.filter((item) => !item.is_built_in);
            if (written.length === 0) return <p className="text-body text-muted-foreground">No policy has been written yet. Begin one under Policies; its draft can be back-tested before it goes live.</p>;
            return (
              <form onSubmit={submit} className="flex flex-col gap-4">
                <PolicyChoice policies={written} chosen={policyId} onChosen={onPolicy} />
                {policyId !== undefined && (
                  <DataBlock query={policy} what="The policy" skeleton={<Skeleton className="h-9" />}>
                    {() => cedar !== undefined && <CedarText cedar={cedar} />}
                  </DataBlock>
                )}
                <RangeFields range={range} onRange={setRange} />
                <AgentChoice chosen={agentIds} onChosen={setAgentIds} />
                {start.error !== null && <div role="alert"><FieldError>{sentenceOf(start.error)}</FieldError></div>}
                <div><Button type="submit" isBusy={start.isPending} disabled={cedar === undefined || isBackwards(range)}>Start back-test</Button></div>
              </form>
            );
          }}
        </DataBlock>
      </CardContent>
    </Card>
  );
};
