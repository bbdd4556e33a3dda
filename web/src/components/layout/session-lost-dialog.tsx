import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useSession } from '@/lib/auth.tsx';
import { SignInForm } from '../sign-in-form.tsx';
import { AlertDialog, AlertDialogContent, AlertDialogDescription, AlertDialogTitle } from '../ui/alert-dialog.tsx';

/** Over the page when the session ended while it was open: what is typed there survives signing in again. */
export const SessionLostDialog = () => {
  const session = useSession();
  const queryClient = useQueryClient();
  const lastUserId = useRef<string>(undefined);
  useEffect(() => {
    if (session.status === 'lost') lastUserId.current = session.user.id;
  }, [session]);
  return (
    <AlertDialog open={session.status === 'lost'}>
      <AlertDialogContent className="max-w-sm">
        <AlertDialogTitle>Sign in again</AlertDialogTitle>
        <AlertDialogDescription>Your session has ended. What you typed on this page is kept.</AlertDialogDescription>
        <SignInForm
          email={session.status === 'lost' ? session.user.email : ''}
          onSignedIn={(user) => {
            // Another person must not see what was read for the one before.
            if (user.id !== lastUserId.current) queryClient.clear();
            void queryClient.invalidateQueries();
          }}
        />
      </AlertDialogContent>
    </AlertDialog>
  );
};
