import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/hitl/')({
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/hitl', search: search as never, replace: true });
  },
});
