import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/observability')({
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/observability', search: search as never, replace: true });
  },
});
