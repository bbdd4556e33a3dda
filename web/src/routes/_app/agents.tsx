import { toolNameSchema } from '@contracts/tools.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { AgentsPage } from '@/features/agents/index.tsx';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <AgentsPage search={search} onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), ...options })} />;
};

export const Route = createFileRoute('/_app/agents')({
  validateSearch: searchParams({
    text: z.coerce.string().max(200),
    model: z.coerce.string().max(200),
    tool: toolNameSchema,
    /** The form for a new agent is open. */
    create: z.boolean(),
    /** An agent whose run dialog is open. */
    run: z.uuid(),
    sort: z.enum(['name', 'runs', 'success', 'cost']),
    direction: z.enum(['asc', 'desc']),
  }),
  component: Page,
});
