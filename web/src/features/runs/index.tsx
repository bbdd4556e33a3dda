import { PageHeader } from '@/components/layout/page-header.tsx';

export const RunsPage = () => <PageHeader title="Runs" />;
