import { createFileRoute } from '@tanstack/react-router';
import { ObservabilityPage } from '@/features/observability/index.tsx';

export const Route = createFileRoute('/_app/observability')({ component: ObservabilityPage });
