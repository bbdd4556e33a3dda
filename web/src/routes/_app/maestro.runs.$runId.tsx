import { createFileRoute } from '@tanstack/react-router';
import { RunPage } from '@/features/run/index.tsx';

const Page = () => {
  const { runId } = Route.useParams();
  return <RunPage runId={runId} />;
};

export const Route = createFileRoute('/_app/maestro/runs/$runId')({ component: Page });
