import type { Secret } from '@contracts/secrets.ts';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { FormSheet } from '../forms/form-sheet.tsx';
import { SecretForm } from './secret-form.tsx';

/** The sheet of a secret: a new one, or the one that is given. */
export const SecretSheet = ({ secret, onClose }: { secret?: Secret | undefined; onClose: () => void }) => (
  <FormSheet
    title={secret === undefined ? 'Add a secret' : `Edit ${secret.name}`}
    description={secret === undefined ? 'A key or password that tools and MCP servers send and nobody reads.' : 'Calls use the new value at once.'}
    isOpen
    onOpenChange={(isOpen) => !isOpen && onClose()}
  >
    {(form) => <SecretForm secret={secret} {...form} />}
  </FormSheet>
);

/** Asks before a secret is deleted; one that something refers to takes its name, which the server wants too. */
export const DeleteSecretDialog = ({ secret, onClose }: { secret: Secret; onClose: () => void }) => {
  const queryClient = useQueryClient();
  const isInUse = secret.used_by.length > 0;
  const remove = async (): Promise<void> => {
    await api.call('deleteSecret', { params: { id: secret.id }, query: isInUse ? { name: secret.name } : {} }).catch(async (error: unknown) => {
      // Taken into use since it was read: the question is asked anew with what leans on it.
      if (hasCode(error, 'SECRET_IN_USE')) await refresh(queryClient, 'listSecrets');
      throw error;
    });
    toast.success('Secret deleted', { description: secret.name });
    void refresh(queryClient, 'listSecrets', 'listToolSettings', 'listTools');
  };
  return (
    <ConfirmDialog isOpen onOpenChange={(isOpen) => !isOpen && onClose()} title={`Delete ${secret.name}?`} confirmLabel="Delete secret" onConfirm={remove} {...(isInUse ? { typedName: secret.name } : {})}>
      <p>Its value is erased and cannot be brought back.</p>
      {isInUse ? (
        <div className="mt-3 text-foreground">
          <p>Calls of these fail until another secret takes its place:</p>
          <ul className="mt-1 max-h-40 list-inside list-disc overflow-y-auto">{secret.used_by.map((user) => <li key={user}>{user}</li>)}</ul>
        </div>
      ) : <p className="mt-2">No setting refers to it. An agent that names it in a call of http_request is told that it is gone.</p>}
    </ConfirmDialog>
  );
};
