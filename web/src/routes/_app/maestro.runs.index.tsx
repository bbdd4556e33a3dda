import { createFileRoute } from '@tanstack/react-router';
import { RunsPage } from '@/features/runs/index.tsx';

export const Route = createFileRoute('/_app/maestro/runs/')({ component: RunsPage });
