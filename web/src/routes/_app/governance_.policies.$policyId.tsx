import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { PolicyPage } from '@/features/governance/policy/index.tsx';
import { type OnPolicySearch, policySearchShape } from '@/features/governance/search.ts';
import { idParam } from '@/lib/id-param.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const { policyId } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change: OnPolicySearch = useCallback((changes) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true, resetScroll: false }), [navigate]);
  return <PolicyPage key={policyId} policyId={policyId} search={search} onSearch={change} />;
};

export const Route = createFileRoute('/_app/governance_/policies/$policyId')({ params: idParam('policyId'), validateSearch: searchParams(policySearchShape), component: Page });
