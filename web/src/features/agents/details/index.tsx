import { PageHeader } from '@/components/layout/page-header.tsx';

export const AgentDetailsPage = (_: { agentId: string; search: object; onSearch: (changes: object, options?: object) => void }) => <PageHeader title="Agent" />;
