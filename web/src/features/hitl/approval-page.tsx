import { PageHeader } from '@/components/layout/page-header.tsx';
import { shortId } from '@/lib/format.ts';

export const ApprovalPage = ({ requestId }: { requestId: string }) => (
  <PageHeader title={`Approval ${shortId(requestId)}`} crumbs={[{ label: 'Approvals', to: '/hitl' }]} />
);
