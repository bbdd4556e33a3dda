import { PageHeader } from '@/components/layout/page-header.tsx';
import { shortId } from '@/lib/format.ts';

export const RunPage = ({ runId }: { runId: string }) => (
  <PageHeader title={`Run ${shortId(runId)}`} crumbs={[{ label: 'Runs', to: '/maestro/runs' }]} />
);
