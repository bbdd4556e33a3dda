import type { DataSource } from '@contracts/data-sources.ts';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { AgentLinks } from '../components/fact.tsx';

const Affected = ({ source: { used_by_agents: agents } }: { source: DataSource }) =>
  agents.length === 0 ? (
    <p className="mt-2">No agent may use it.</p>
  ) : (
    <div className="mt-3 text-foreground">
      <p><strong className="font-semibold">{countOf(agents.length, 'agent')}</strong> may query it: their next query of it is refused with a sentence they can act on.</p>
      <AgentLinks agents={agents} className="mt-1" />
    </div>
  );

interface Props {
  source: DataSource;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Asks before a data source is deleted; one that agents may use takes its name, which the server wants too. */
export const DeleteDataSourceDialog = ({ source, isOpen, onOpenChange }: Props) => {
  const queryClient = useQueryClient();
  const isInUse = source.used_by_agents.length > 0;
  const remove = async (): Promise<void> => {
    await api.call('deleteDataSource', { params: { id: source.id }, query: isInUse ? { name: source.name } : {} }).catch(async (error: unknown) => {
      // Taken into use since it was read: the question is asked anew with what leans on it.
      if (hasCode(error, 'CONNECTION_IN_USE')) await refresh(queryClient, 'listDataSources');
      throw error;
    });
    toast.success('Data source deleted', { description: source.name });
    void refresh(queryClient, 'listDataSources', 'listIntegrations', 'listTools', 'listToolSettings');
  };
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Delete ${source.name}?`} confirmLabel="Delete data source" onConfirm={remove} {...(isInUse ? { typedName: source.name } : {})}>
      <p>Its password is erased and cannot be brought back. Nothing in the database itself is touched.</p>
      <Affected source={source} />
    </ConfirmDialog>
  );
};

/** Asks before a data source that agents may use is switched off; switching on needs no question. */
export const SwitchOffDialog = ({ source, isOpen, onOpenChange, onConfirm }: Props & { onConfirm: () => Promise<unknown> }) => (
  <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Switch ${source.name} off?`} confirmLabel="Switch off" cancelLabel="Leave on" onConfirm={onConfirm}>
    <p>No query is sent to it until it is switched on again. Its settings stay.</p>
    <Affected source={source} />
  </ConfirmDialog>
);
