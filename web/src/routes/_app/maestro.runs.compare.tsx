import { createFileRoute } from '@tanstack/react-router';
import { ComparePage } from '@/features/runs-compare/index.tsx';

export const Route = createFileRoute('/_app/maestro/runs/compare')({ component: ComparePage });
