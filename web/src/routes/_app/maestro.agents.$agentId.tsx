import { memoryKindSchema } from '@contracts/memory.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { AgentDetailsPage } from '@/features/agents/details/index.tsx';
import { agentTabs } from '@/features/agents/details/tabs.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const { agentId } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <AgentDetailsPage key={agentId} agentId={agentId} search={search} onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), ...options })} />;
};

export const Route = createFileRoute('/_app/maestro/agents/$agentId')({
  validateSearch: searchParams({
    tab: z.enum(agentTabs),
    /** The dialog for a new run is open. */
    run: z.boolean(),
    query: z.coerce.string().max(2000),
    kind: memoryKindSchema,
    memory: z.uuid(),
  }),
  component: Page,
});
