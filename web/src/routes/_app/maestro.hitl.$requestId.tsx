import { createFileRoute, redirect } from '@tanstack/react-router';

/** An alias; the query goes along. */
export const Route = createFileRoute('/_app/maestro/hitl/$requestId')({
  beforeLoad: ({ params, search }) => {
    throw redirect({ to: '/hitl/$requestId', params, search: search as never, replace: true });
  },
});
