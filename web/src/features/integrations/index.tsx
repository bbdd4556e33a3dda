import { PageHeader } from '@/components/layout/page-header.tsx';

export const IntegrationsPage = () => <PageHeader title="Integrations" />;
