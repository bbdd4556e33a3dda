import { PageHeader } from '@/components/layout/page-header.tsx';

export const DashboardPage = () => <PageHeader title="Dashboard" />;
