import { createFileRoute } from '@tanstack/react-router';

export const Route = createFileRoute('/_app/maestro/agents/$agentId')({
  component: RouteComponent,
});

function RouteComponent() {
  return <div>Hello "/_app/maestro/agents/$agentId"!</div>;
}
