import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { hasCode } from '@/lib/api-error.ts';
import { ErrorPanel } from './error-panel.tsx';
import { PageHeader } from './layout/page-header.tsx';
import { NotFound } from './not-found.tsx';

/** What a page shows when it breaks; the sidebar stays alive. */
export const RouteError = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  if (hasCode(error, 'AGENT_NOT_FOUND')) return <NotFound what="agent" />;
  if (hasCode(error, 'RUN_NOT_FOUND')) return <NotFound what="run" />;
  if (hasCode(error, 'APPROVAL_NOT_FOUND')) return <NotFound what="approval request" />;
  return (
    <>
      <PageHeader title="This page failed" />
      <ErrorPanel
        what="This page"
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </>
  );
};
