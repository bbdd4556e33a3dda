import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { AgentsPage } from '@/features/agents/index.tsx';
import { agentsSearchShape, type OnAgentsSearch } from '@/features/agents/search.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change: OnAgentsSearch = useCallback((changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false, ...options }), [navigate]);
  return <AgentsPage search={search} onSearch={change} />;
};

export const Route = createFileRoute('/_app/agents')({ validateSearch: searchParams(agentsSearchShape), component: Page });
