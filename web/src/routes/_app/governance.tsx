import { createFileRoute } from '@tanstack/react-router';
import { GovernancePage } from '@/features/governance/index.tsx';

export const Route = createFileRoute('/_app/governance')({ component: GovernancePage });
