import { createFileRoute } from '@tanstack/react-router';
import { IntegrationsPage } from '@/features/integrations/index.tsx';
import { integrationsSearchShape } from '@/features/integrations/search.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <IntegrationsPage search={search} onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), ...options })} />;
};

export const Route = createFileRoute('/_app/integrations')({ validateSearch: searchParams(integrationsSearchShape), component: Page });
