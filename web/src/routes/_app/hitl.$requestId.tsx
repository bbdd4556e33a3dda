import { createFileRoute } from '@tanstack/react-router';
import { ApprovalPage } from '@/features/hitl/approval-page.tsx';

const Page = () => {
  const { requestId } = Route.useParams();
  return <ApprovalPage requestId={requestId} />;
};

export const Route = createFileRoute('/_app/hitl/$requestId')({ component: Page });
