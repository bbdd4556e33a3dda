import { createFileRoute, useParams } from '@tanstack/react-router';
import { ApprovalsPage } from '@/features/hitl/index.tsx';
import { approvalsSearchShape } from '@/features/hitl/search.ts';
import { searchParams } from '@/lib/search-params.ts';

// One component for the list and for an open request, so that the list stays as it is while requests are opened.
const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const requestId = useParams({ strict: false, select: (params) => params.requestId });
  return <ApprovalsPage requestId={requestId} search={search} onSearch={(changes) => void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true })} />;
};

export const Route = createFileRoute('/_app/hitl')({ validateSearch: searchParams(approvalsSearchShape), component: Page });
