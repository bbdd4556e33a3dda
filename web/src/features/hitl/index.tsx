import { PageHeader } from '@/components/layout/page-header.tsx';

export const ApprovalsPage = () => <PageHeader title="Approvals" />;
