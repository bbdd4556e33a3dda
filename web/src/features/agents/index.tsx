import { PageHeader } from '@/components/layout/page-header.tsx';

export const AgentsPage = (_: { search: object; onSearch: (changes: object, options?: object) => void }) => <PageHeader title="Agents" />;
