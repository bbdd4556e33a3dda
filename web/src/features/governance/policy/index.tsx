import { policyIdSchema } from '@contracts/policies.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FileQuestion } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { hasCode } from '@/lib/api-error.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import type { OnPolicySearch, PolicySearch } from '../search.ts';
import { BuiltInPolicy } from './built-in-policy.tsx';
import { fromForm, fromText } from './editor-state.ts';
import { newPolicyForm, overridingForm, overridingName } from './new-policy.ts';
import { governanceCrumbs, onlyAdminsWords } from './policy-words.ts';
import { textOf, Workbench } from './workbench.tsx';

interface PageProps {
  search: PolicySearch;
  onSearch: OnPolicySearch;
}

const skeleton = <div className="flex flex-col gap-4"><Skeleton className="h-9" /><Skeleton className="h-96" /></div>;

const Missing = () => (
  <>
    <PageHeader title="No such policy" crumbs={governanceCrumbs} />
    <Card><EmptyState icon={FileQuestion} title="There is no such policy." action={<Button variant="outline" asChild><Link to="/governance">All policies</Link></Button>}>It may have been a draft that somebody threw away.</EmptyState></Card>
  </>
);

/** A new policy; with `overrides` it begins with what that one applies to. */
const NewPolicy = ({ search, onSearch }: PageProps) => {
  const overridden = useQuery({ ...apiQuery('getPolicy', { params: { id: search.overrides ?? '' } }), enabled: search.overrides !== undefined });
  if (!useCan('policies:write')) {
    return (
      <>
        <PageHeader title="New policy" crumbs={governanceCrumbs} />
        <p className="text-body text-muted-foreground">{onlyAdminsWords}</p>
      </>
    );
  }
  if (search.overrides !== undefined && overridden.isPending) return skeleton;
  const begin = () => (overridden.data === undefined ? fromForm({ name: '', form: newPolicyForm }) : fromForm({ name: overridingName(overridden.data), form: overridingForm(overridden.data) }));
  return <Workbench key={search.overrides ?? ''} policy={undefined} begin={begin} search={search} onSearch={onSearch} />;
};

const StoredPolicy = ({ policyId, search, onSearch }: PageProps & { policyId: string }) => {
  const query = useQuery(apiQuery('getPolicy', { params: { id: policyId } }));
  // One that was deleted while it was open stays on screen, so that its text can be saved elsewhere.
  if (query.data === undefined && hasCode(query.error, 'POLICY_NOT_FOUND')) return <Missing />;
  return (
    <DataBlock query={query} what="The policy" skeleton={skeleton}>
      {(policy) => (policy.is_built_in ? <BuiltInPolicy policy={policy} /> : <Workbench policy={policy} begin={() => fromText({ name: policy.name, cedar: textOf(policy) })} search={search} onSearch={onSearch} />)}
    </DataBlock>
  );
};

/** One policy: form and text, what it would do, its versions. */
export const PolicyPage = ({ policyId, search, onSearch }: PageProps & { policyId: string }) => {
  if (policyId === 'new') return <NewPolicy search={search} onSearch={onSearch} />;
  return policyIdSchema.safeParse(policyId).success ? <StoredPolicy policyId={policyId} search={search} onSearch={onSearch} /> : <Missing />;
};
