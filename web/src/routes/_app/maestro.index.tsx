import { createFileRoute } from '@tanstack/react-router';
import { DashboardPage } from '@/features/dashboard/index.tsx';

export const Route = createFileRoute('/_app/maestro/')({ component: DashboardPage });
