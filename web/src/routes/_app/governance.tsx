import { createFileRoute } from '@tanstack/react-router';
import { GovernancePage } from '@/features/governance/index.tsx';
import { governanceSearchShape } from '@/features/governance/search.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <GovernancePage search={search} onSearch={(changes) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true })} />;
};

export const Route = createFileRoute('/_app/governance')({ validateSearch: searchParams(governanceSearchShape), component: Page });
