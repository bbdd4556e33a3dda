import { createFileRoute, redirect } from '@tanstack/react-router';
import { AppShell } from '@/components/layout/app-shell.tsx';
import { StartError } from '@/components/layout/start-error.tsx';
import { ensureSession } from '@/lib/auth.tsx';

export const Route = createFileRoute('/_app')({
  beforeLoad: async ({ location }) => {
    const session = await ensureSession();
    if (session.status === 'signed_out') throw redirect({ to: '/sign-in', search: { returnTo: location.href }, replace: true });
  },
  // Every page but the one to sign in stands in this shell: it belongs to what a browser loads first.
  codeSplitGroupings: [],
  component: AppShell,
  errorComponent: StartError,
});
