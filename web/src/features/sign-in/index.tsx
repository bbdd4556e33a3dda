import { useEffect, useRef, useState } from 'react';
import { LoaderCircle } from 'lucide-react';
import { Wordmark } from '@/components/layout/wordmark.tsx';
import { SignInForm } from '@/components/sign-in-form.tsx';
import { Button } from '@/components/ui/button.tsx';
import { hasCode, sentenceOf } from '@/lib/api-error.ts';
import { signInWithLink } from '@/lib/auth.tsx';

/** Uses a one-time link. The token is spent by the first try, so it is sent once however often React mounts this. */
const LinkSignIn = ({ token, onSignedIn, onGiveUp }: { token: string; onSignedIn: () => void; onGiveUp: () => void }) => {
  const [error, setError] = useState<unknown>();
  const sentToken = useRef<string>(undefined);
  const send = (): void => {
    setError(undefined);
    signInWithLink(token).then(onSignedIn, setError);
  };
  useEffect(() => {
    if (sentToken.current === token) return;
    sentToken.current = token;
    send();
  });
  if (error === undefined) {
    return (
      <p role="status" className="flex items-center gap-2 text-body text-muted-foreground">
        <LoaderCircle aria-hidden className="size-4 animate-spin" />
        Signing in with your link
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <p role="alert" className="rounded-control border border-destructive bg-failed-tint px-3 py-2 text-body text-failed-text">
        {hasCode(error, 'CREDENTIALS_INVALID', 'UNAUTHENTICATED') ? 'This link has been used or has run out. Sign in with your password.' : sentenceOf(error)}
      </p>
      {hasCode(error, 'SERVER_UNREACHABLE') && <Button onClick={send}>Retry</Button>}
      <Button variant="outline" onClick={onGiveUp}>Use e-mail and password</Button>
    </div>
  );
};

/** Who you are: e-mail and password, or a one-time link. */
export const SignInPage = ({ token, onSignedIn }: { token: string | undefined; onSignedIn: () => void }) => {
  const [isLinkGivenUp, setIsLinkGivenUp] = useState(false);
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center bg-background p-4">
      <title>Sign in · Maestro</title>
      <div data-slot="card" className="flex w-full max-w-[360px] flex-col gap-5 rounded-card border bg-card p-6 max-sm:p-4">
        <div className="flex flex-col gap-2">
          <Wordmark />
          <h1 className="text-page font-semibold">Sign in</h1>
          <p className="text-row text-muted-foreground">AI agents with people in control of every risky action.</p>
        </div>
        {token !== undefined && !isLinkGivenUp ? (
          <LinkSignIn token={token} onSignedIn={onSignedIn} onGiveUp={() => setIsLinkGivenUp(true)} />
        ) : (
          <SignInForm onSignedIn={onSignedIn} />
        )}
      </div>
    </main>
  );
};
