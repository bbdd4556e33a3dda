import { PageHeader } from '@/components/layout/page-header.tsx';

export const GovernancePage = () => <PageHeader title="Governance" />;
