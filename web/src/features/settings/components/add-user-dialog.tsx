import { type CreateUserBody, createUserBodySchema } from '@contracts/auth.ts';
import { roles } from '@contracts/permissions.ts';
import { zodResolver } from '@hookform/resolvers/zod';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import { Button } from '@/components/ui/button.tsx';
import { Dialog, DialogClose, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { Field, FieldError } from '@/components/ui/field.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Select } from '@/components/ui/select.tsx';
import { api } from '@/lib/api-client.ts';
import { ApiError, sentenceOf } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { humanize } from '@/lib/format.ts';
import { roleMeaning } from '../roles.ts';

const formSchema = createUserBodySchema.extend({
  name: z.string().trim().min(1, 'Enter a name.').max(120, 'At most 120 characters.'),
  email: z.email('Enter an e-mail address such as ana@example.com.').max(320),
});

const AddUserForm = ({ onDone }: { onDone: () => void }) => {
  const queryClient = useQueryClient();
  const [failure, setFailure] = useState<unknown>(null);
  const { register, handleSubmit, setError, control: form, formState: { errors, isSubmitting } } = useForm<CreateUserBody>({
    resolver: zodResolver(formSchema), mode: 'onTouched', defaultValues: { name: '', email: '', role: 'operator', password: '' },
  });
  const add = async (body: CreateUserBody): Promise<void> => {
    setFailure(null);
    try {
      const user = await api.call('createUser', { body });
      await refresh(queryClient, 'listUsers', 'listAudit');
      toast.success(`${user.name} may sign in now`, { description: `${user.email} · ${humanize(user.role)}` });
      onDone();
    } catch (error) {
      const issues = error instanceof ApiError ? error.fieldIssues : [];
      const known = issues.filter(({ path }) => ['name', 'email', 'role', 'password'].includes(path));
      for (const { path, message } of known) setError(path as keyof CreateUserBody, { message }, { shouldFocus: true });
      if (known.length === 0) setFailure(error);
    }
  };
  const role = useWatch({ control: form, name: 'role' });
  return (
    <form noValidate onSubmit={(event) => void handleSubmit(add)(event)} className="flex flex-col gap-4" autoComplete="off">
      <div role="alert" className="empty:-mb-4">{failure !== null && <FieldError>{sentenceOf(failure)}</FieldError>}</div>
      <Field label="Name" error={errors.name?.message}>{(control) => <Input {...control} {...register('name')} autoComplete="off" />}</Field>
      <Field label="E-mail" error={errors.email?.message}>{(control) => <Input {...control} {...register('email')} type="email" autoComplete="off" autoCapitalize="none" spellCheck={false} />}</Field>
      <Field label="Role" hint={roleMeaning[role]} error={errors.role?.message}>
        {(control) => <Select {...control} {...register('role')}>{roles.map((one) => <option key={one} value={one}>{humanize(one)}</option>)}</Select>}
      </Field>
      <Field label="First password" hint="At least 12 characters. Hand it over by a safe way; it can be changed in the settings." error={errors.password?.message}>
        {(control) => <Input {...control} {...register('password')} type="password" autoComplete="new-password" />}
      </Field>
      <DialogFooter>
        <Button type="submit" isBusy={isSubmitting}>Add person</Button>
        <DialogClose asChild><Button variant="outline">Cancel</Button></DialogClose>
      </DialogFooter>
    </form>
  );
};

/** Adds a person who may sign in at once. */
export const AddUserDialog = ({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => (
  <Dialog open={isOpen} onOpenChange={onOpenChange}>
    <DialogContent className="max-w-md">
      <DialogHeader>
        <DialogTitle>Add a person</DialogTitle>
        <DialogDescription>They may sign in at once.</DialogDescription>
      </DialogHeader>
      <AddUserForm onDone={() => onOpenChange(false)} />
    </DialogContent>
  </Dialog>
);
