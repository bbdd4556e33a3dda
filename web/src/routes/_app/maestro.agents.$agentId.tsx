import { createFileRoute } from '@tanstack/react-router';
import { useCallback } from 'react';
import { AgentDetailsPage } from '@/features/agents/details/index.tsx';
import { agentSearchShape, type OnAgentSearch } from '@/features/agents/details/search.ts';
import { idParam } from '@/lib/id-param.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const { agentId } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  const change: OnAgentSearch = useCallback((changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false, ...options }), [navigate]);
  return <AgentDetailsPage key={agentId} agentId={agentId} search={search} onSearch={change} />;
};

export const Route = createFileRoute('/_app/maestro/agents/$agentId')({ params: idParam('agentId'), validateSearch: searchParams(agentSearchShape), component: Page });
