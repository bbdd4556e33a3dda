import type { SignInBody, User } from '@contracts/auth.ts';
import { isAllowed, type Permission } from '@contracts/permissions.ts';
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { api } from './api-client.ts';
import type { SessionState } from './session.ts';

const readState = (): SessionState => api.session.state;

/** The session of this tab, live. */
export const useSession = (): SessionState => useSyncExternalStore(api.session.subscribe, readState);

/** Who is signed in. Only inside the shell, where somebody always is (a lost session keeps its user until sign-in). */
export const useUser = (): User => {
  const session = useSession();
  if (session.status === 'signed_in' || session.status === 'lost') return session.user;
  throw new Error('useUser is for pages inside the shell');
};

/** Whether the signed-in person may do something. The api decides; this only hides what it would refuse. */
export const useCan = (permission: Permission): boolean => {
  const session = useSession();
  return (session.status === 'signed_in' || session.status === 'lost') && isAllowed(session.user.role, permission);
};

/** Makes sure it is known whether somebody is signed in: asks for a token with the renewal cookie on the first call. */
export const ensureSession = async (): Promise<SessionState> => {
  if (api.session.state.status === 'unknown') await api.renew();
  return api.session.state;
};

/** Signs in with e-mail and password. @throws ApiError CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, SERVER_UNREACHABLE */
export const signIn = async (body: SignInBody): Promise<void> => {
  api.session.accept(await api.call('signIn', { body }));
};

/** Signs in with the token of a one-time link. @throws ApiError CREDENTIALS_INVALID when used or expired */
export const signInWithLink = async (token: string): Promise<void> => {
  api.session.accept(await api.call('signInWithLink', { body: { token } }));
};

/** Ends the session here and on the server, and forgets everything that was read with it. */
export const signOut = async (queryClient: QueryClient): Promise<void> => {
  try {
    await api.call('signOut');
  } finally {
    queryClient.clear();
    api.session.clear();
  }
};

/**
 * The path to open after signing in: only a path of this origin, else the dashboard.
 * Rejects other origins in all their spellings (`//host`, `/\host`, control characters), and the sign-in page itself.
 */
export const safeReturnTo = (value: unknown, origin: string = globalThis.location?.origin ?? 'http://localhost'): string => {
  const fallback = '/maestro';
  if (typeof value !== 'string' || !value.startsWith('/') || /[\u0000-\u001f\\]/.test(value)) return fallback;
  let url: URL;
  try {
    url = new URL(value, origin);
  } catch {
    return fallback;
  }
  if (url.origin !== new URL(origin).origin || value.startsWith('//') || url.pathname === '/sign-in') return fallback;
  return url.pathname + url.search + url.hash;
};
