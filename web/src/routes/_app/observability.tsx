import { idSchema } from '@contracts/ids.ts';
import { timeRangeSchema } from '@contracts/system.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { ObservabilityPage } from '@/features/observability/index.tsx';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <ObservabilityPage search={search} onSearch={(changes) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false })} />;
};

export const Route = createFileRoute('/_app/observability')({
  validateSearch: searchParams({
    range: timeRangeSchema,
    agent: idSchema,
    model: z.coerce.string().max(200),
    /** Runs of the demo agent count too. */
    demo: z.boolean(),
  }),
  component: Page,
});
