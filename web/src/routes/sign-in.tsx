import { createFileRoute, redirect, useRouter } from '@tanstack/react-router';
import { z } from 'zod';
import { SignInPage } from '@/features/sign-in/index.tsx';
import { ensureSession, safeReturnTo } from '@/lib/auth.tsx';
import { searchParams } from '@/lib/search-params.ts';

const SignIn = () => {
  const { token, returnTo } = Route.useSearch();
  const router = useRouter();
  return <SignInPage token={token === undefined ? undefined : String(token)} onSignedIn={() => router.history.replace(safeReturnTo(returnTo))} />;
};

// Named before the route: its type is needed while the route's own is still being worked out.
const validateSearch = searchParams({
  // A token of digits alone arrives as a number.
  token: z.union([z.string(), z.number()]),
  returnTo: z.string(),
});

export const Route = createFileRoute('/sign-in')({
  validateSearch,
  beforeLoad: async ({ search }) => {
    if (search.token !== undefined) return;
    // A server that cannot be reached is told by the form, when it is used.
    const session = await ensureSession().catch(() => undefined);
    if (session?.status === 'signed_in') throw redirect({ href: safeReturnTo(search.returnTo), replace: true });
  },
  component: SignIn,
});
