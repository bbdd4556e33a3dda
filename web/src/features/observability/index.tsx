import { PageHeader } from '@/components/layout/page-header.tsx';

export const ObservabilityPage = () => <PageHeader title="Observability" />;
