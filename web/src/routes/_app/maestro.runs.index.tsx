import { idSchema } from '@contracts/ids.ts';
import { timeRanges } from '@contracts/system.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { RunsPage } from '@/features/runs/index.tsx';
import { isPhaseList } from '@/features/runs/phases.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <RunsPage search={search} onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false, ...options })} />;
};

export const Route = createFileRoute('/_app/maestro/runs/')({
  validateSearch: searchParams({
    /** Phases, comma separated: `failed,timed_out`. */
    status: z.string().refine(isPhaseList),
    agent: idSchema,
    range: z.enum(timeRanges),
    text: z.coerce.string().max(200),
  }),
  component: Page,
});
