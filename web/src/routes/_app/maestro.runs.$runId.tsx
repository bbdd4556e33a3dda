import { idSchema } from '@contracts/ids.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { RunPage } from '@/features/run/index.tsx';
import { inspectorPanels, phoneTabs, runViews } from '@/features/run/search.ts';
import { idParam } from '@/lib/id-param.ts';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const { runId } = Route.useParams();
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <RunPage
      key={runId}
      runId={runId}
      search={search}
      onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false, ...options })}
    />
  );
};

export const Route = createFileRoute('/_app/maestro/runs/$runId')({
  params: idParam('runId'),
  validateSearch: searchParams({
    step: idSchema,
    panel: z.enum(inspectorPanels),
    view: z.enum(runViews),
    tab: z.enum(phoneTabs),
    find: z.coerce.string().max(200),
    errors: z.boolean(),
  }),
  component: Page,
});
