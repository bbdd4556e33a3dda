import { createFileRoute } from '@tanstack/react-router';

/** Drawn by the layout route. */
export const Route = createFileRoute('/_app/hitl/$requestId')({});
