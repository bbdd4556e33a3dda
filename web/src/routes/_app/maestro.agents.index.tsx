import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/agents/')({
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/agents', search: search as never, replace: true });
  },
});
