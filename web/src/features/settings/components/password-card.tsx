import { changePasswordBodySchema } from '@contracts/auth.ts';
import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { api } from '@/lib/api-client.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { useUser } from '@/lib/auth.tsx';

const formSchema = changePasswordBodySchema
  .extend({ current_password: z.string().min(1, 'Enter your current password.').max(256), again: z.string() })
  .refine((values) => values.again === values.new_password, { path: ['again'], message: 'The two are not the same.' });
type Values = z.infer<typeof formSchema>;

/** Changes one's own password. */
export const PasswordCard = () => {
  const user = useUser();
  const { register, handleSubmit, setError, reset, formState: { errors, isSubmitting } } = useForm<Values>({ resolver: zodResolver(formSchema), mode: 'onTouched', defaultValues: { current_password: '', new_password: '', again: '' } });
  const [failure, setFailure] = useState<unknown>(null);
  const save = async ({ current_password, new_password }: Values): Promise<void> => {
    setFailure(null);
    try {
      await api.call('changePassword', { body: { current_password, new_password } });
      reset();
      toast.success('Password changed', { description: 'Your other sessions are signed out.' });
    } catch (error) {
      const issues = error instanceof ApiError ? error.fieldIssues.filter(({ path }) => path === 'current_password' || path === 'new_password') : [];
      for (const { path, message } of issues) setError(path as keyof Values, { message }, { shouldFocus: true });
      if (issues.length === 0) setFailure(error);
    }
  };
  return (
    <Card aria-labelledby="password">
      <CardHeader><CardTitle id="password">Password</CardTitle></CardHeader>
      <CardContent>
        <form noValidate onSubmit={(event) => void handleSubmit(save)(event)} className="flex max-w-sm flex-col gap-4">
          {/* Tells password managers whose password it is. */}
          <input type="text" autoComplete="username" value={user.email} readOnly hidden />
          <div role="alert" className="empty:-mb-4">{failure !== null && <FieldError>{sentenceOf(failure)}</FieldError>}</div>
          <Field label="Current password" error={errors.current_password?.message}>
            {(control) => <Input {...control} {...register('current_password')} type="password" autoComplete="current-password" />}
          </Field>
          <Field label="New password" hint="At least 12 characters." error={errors.new_password?.message}>
            {(control) => <Input {...control} {...register('new_password')} type="password" autoComplete="new-password" />}
          </Field>
          <Field label="New password again" error={errors.again?.message}>
            {(control) => <Input {...control} {...register('again')} type="password" autoComplete="new-password" />}
          </Field>
          <Button type="submit" isBusy={isSubmitting} className="self-start">Change password</Button>
        </form>
      </CardContent>
    </Card>
  );
};
