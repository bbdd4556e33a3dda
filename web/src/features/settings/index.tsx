import { PageHeader } from '@/components/layout/page-header.tsx';

export const SettingsPage = () => <PageHeader title="Settings" />;
