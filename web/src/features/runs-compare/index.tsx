import { PageHeader } from '@/components/layout/page-header.tsx';

export const ComparePage = () => <PageHeader title="Compare runs" />;
