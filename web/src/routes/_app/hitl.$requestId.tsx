import { createFileRoute } from '@tanstack/react-router';
import { idParam } from '@/lib/id-param.ts';

/** Drawn by the layout route. */
export const Route = createFileRoute('/_app/hitl/$requestId')({ params: idParam('requestId') });
