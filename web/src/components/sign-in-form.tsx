import type { User } from '@contracts/auth.ts';
import { Eye, EyeOff } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useNow } from '@/hooks/use-now.ts';
import { ApiError, hasCode, sentenceOf } from '@/lib/api-error.ts';
import { api } from '@/lib/api-client.ts';
import { signIn } from '@/lib/auth.tsx';
import { formatCountdown } from '@/lib/format.ts';
import { Button } from './ui/button.tsx';
import { Field } from './ui/field.tsx';
import { Input } from './ui/input.tsx';

const LockedUntil = ({ until }: { until: number }) => {
  const now = useNow(1000);
  const left = until - now;
  return left > 0 ? <span role="timer"> Try again in {formatCountdown(left)}.</span> : <span> You can try again now.</span>;
};

/** E-mail and password, for the sign-in page and for the dialog over a page whose session ended. */
export const SignInForm = ({ email = '', onSignedIn }: { email?: string; onSignedIn: (user: User) => void }) => {
  const [isPasswordShown, setIsPasswordShown] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<{ error: unknown; lockedUntil: number | null }>();
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const alertRef = useRef<HTMLDivElement>(null);
  const formRef = useRef<HTMLFormElement>(null);

  useEffect(() => {
    // The form may be unmounted and rebuilt by a retry; the sentence must be reached wherever the eye was.
    if (failure !== undefined) alertRef.current?.focus();
  }, [failure]);

  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const data = new FormData(event.currentTarget);
    const body = { email: String(data.get('email') ?? '').trim(), password: String(data.get('password') ?? '') };
    const empty = {
      ...(body.email === '' ? { email: 'Enter your e-mail address.' } : {}),
      ...(body.password === '' ? { password: 'Enter your password.' } : {}),
    };
    setMissing(empty);
    setFailure(undefined);
    const [firstBad] = Object.keys(empty);
    if (firstBad !== undefined) {
      formRef.current?.querySelector<HTMLInputElement>(`[name="${firstBad}"]`)?.focus();
      return;
    }
    setIsBusy(true);
    try {
      await signIn(body);
      const { state } = api.session;
      if (state.status === 'signed_in') onSignedIn(state.user);
    } catch (error) {
      const seconds = error instanceof ApiError ? error.retryAfterSeconds : null;
      setFailure({ error, lockedUntil: hasCode(error, 'TOO_MANY_ATTEMPTS') && seconds !== null ? Date.now() + seconds * 1000 : null });
    } finally {
      setIsBusy(false);
    }
  };

  const EyeIcon = isPasswordShown ? EyeOff : Eye;
  return (
    // Native validation is off: its bubbles are not read out well and cannot be styled for contrast.
    <form ref={formRef} noValidate onSubmit={submit} className="flex flex-col gap-4">
      {failure !== undefined && (
        <div ref={alertRef} role="alert" tabIndex={-1} className="rounded-control border border-destructive bg-failed-tint px-3 py-2 text-body text-failed-text">
          {hasCode(failure.error, 'SERVER_UNREACHABLE') ? 'Cannot reach the server. Check that Maestro is running.' : sentenceOf(failure.error)}
          {failure.lockedUntil !== null && <LockedUntil until={failure.lockedUntil} />}
        </div>
      )}
      <Field label="E-mail" error={missing.email}>
        {(control) => <Input {...control} name="email" type="email" autoComplete="username" autoCapitalize="none" spellCheck={false} defaultValue={email} />}
      </Field>
      <Field label="Password" error={missing.password}>
        {(control) => (
          <span className="relative block">
            <Input {...control} name="password" type={isPasswordShown ? 'text' : 'password'} autoComplete="current-password" className="pr-11" />
            <Button variant="ghost" size="icon-small" className="absolute top-1/2 right-1 -translate-y-1/2 max-sm:size-9" aria-label="Show password" aria-pressed={isPasswordShown} onClick={() => setIsPasswordShown(!isPasswordShown)}>
              <EyeIcon aria-hidden />
            </Button>
          </span>
        )}
      </Field>
      <Button type="submit" isBusy={isBusy} className="w-full">
        {hasCode(failure?.error, 'SERVER_UNREACHABLE') ? 'Retry' : 'Sign in'}
      </Button>
    </form>
  );
};
