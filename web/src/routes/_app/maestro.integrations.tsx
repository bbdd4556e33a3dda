import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/integrations')({
  beforeLoad: ({ search }) => {
    throw redirect({ to: '/integrations', search: search as never, replace: true });
  },
});
