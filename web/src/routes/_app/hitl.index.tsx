import { createFileRoute } from '@tanstack/react-router';
import { ApprovalsPage } from '@/features/hitl/index.tsx';

export const Route = createFileRoute('/_app/hitl/')({ component: ApprovalsPage });
