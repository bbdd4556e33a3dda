import type { Connection } from '@contracts/connections.ts';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { AgentLinks } from '../components/fact.tsx';
import { dependents } from './connection-words.ts';

/** Who is hit when the connection goes. */
export const Affected = ({ connection }: { connection: Connection }) => {
  const words = dependents(connection);
  if (words === undefined) return <p className="mt-2">No agent uses it and no run is open on it.</p>;
  return (
    <div className="mt-3 text-foreground">
      <p><strong className="font-semibold">{words}</strong> {connection.used_by_agents.length + connection.open_runs === 1 ? 'uses' : 'use'} it: the next turn goes to a fallback, or fails where there is none.</p>
      <AgentLinks agents={connection.used_by_agents} className="mt-1" />
    </div>
  );
};

interface Props {
  connection: Connection;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Asks before a connection is deleted; one in use takes its name, which the server wants too. */
export const DeleteConnectionDialog = ({ connection, isOpen, onOpenChange }: Props) => {
  const queryClient = useQueryClient();
  const isInUse = dependents(connection) !== undefined;
  const remove = async (): Promise<void> => {
    await api.call('deleteConnection', { params: { id: connection.id }, query: isInUse ? { name: connection.name } : {} }).catch(async (error: unknown) => {
      // Taken into use since it was read: the question is asked anew with what leans on it.
      if (hasCode(error, 'CONNECTION_IN_USE')) await refresh(queryClient, 'listConnections');
      throw error;
    });
    toast.success('Connection deleted', { description: connection.name });
    void refresh(queryClient, 'listConnections', 'listModels', 'listIntegrations', 'listPrices');
  };
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Delete ${connection.name}?`} confirmLabel="Delete connection" onConfirm={remove} {...(isInUse ? { typedName: connection.name } : {})}>
      <p>Its key is erased and cannot be brought back. Past runs and their traces stay.</p>
      <Affected connection={connection} />
    </ConfirmDialog>
  );
};

/** Asks before a connection is switched off; switching on needs no question. */
export const SwitchOffDialog = ({ connection, isOpen, onOpenChange, onConfirm }: Props & { onConfirm: () => Promise<unknown> }) => (
  <ConfirmDialog
    isOpen={isOpen}
    onOpenChange={onOpenChange}
    title={`Switch ${connection.name} off?`}
    confirmLabel="Switch off"
    cancelLabel="Leave on"
    onConfirm={onConfirm}
    {...(dependents(connection) === undefined ? {} : { typedName: connection.name })}
  >
    <p>No call is sent to it until it is switched on again. Its key and settings stay.</p>
    <Affected connection={connection} />
  </ConfirmDialog>
);
