import { idSchema } from '@contracts/ids.ts';
import { createFileRoute } from '@tanstack/react-router';
import { z } from 'zod';
import { ComparePage } from '@/features/runs-compare/index.tsx';
import { searchParams } from '@/lib/search-params.ts';

const Page = () => {
  const search = Route.useSearch();
  const navigate = Route.useNavigate();
  return <ComparePage search={search} onSearch={(changes, options) => void navigate({ search: (before) => ({ ...before, ...changes }), resetScroll: false, ...options })} />;
};

export const Route = createFileRoute('/_app/maestro/runs/compare')({
  validateSearch: searchParams({
    a: idSchema,
    b: idSchema,
    /** Only pairs that are not the same. */
    changes: z.boolean(),
    /** The pair whose texts are open: its number, counted from 1. */
    pair: z.number().int().positive(),
  }),
  component: Page,
});
