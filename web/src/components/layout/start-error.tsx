import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { hasCode } from '@/lib/api-error.ts';
import { ErrorPanel } from '../error-panel.tsx';
import { Wordmark } from './wordmark.tsx';

/** When not even the session could be asked for: the server is away. */
export const StartError = ({ error, reset }: ErrorComponentProps) => {
  const router = useRouter();
  return (
    <main className="mx-auto flex min-h-dvh max-w-xl flex-col justify-center gap-4 p-4">
      <title>Maestro</title>
      <Wordmark />
      <h1 className="text-page font-semibold">{hasCode(error, 'SERVER_UNREACHABLE') ? 'Cannot reach the server' : 'Maestro could not start'}</h1>
      <ErrorPanel
        what="Your session"
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
};
