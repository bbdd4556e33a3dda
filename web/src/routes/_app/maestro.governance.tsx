import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/governance')({
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/governance', search: search as never, replace: true });
  },
});
