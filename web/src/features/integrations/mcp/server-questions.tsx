import type { McpServer } from '@contracts/mcp-servers.ts';
import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { AgentLinks } from '../components/fact.tsx';

const Affected = ({ server: { used_by_agents: agents } }: { server: McpServer }) =>
  agents.length === 0 ? (
    <p className="mt-2">No agent uses its tools.</p>
  ) : (
    <div className="mt-3 text-foreground">
      <p><strong className="font-semibold">{countOf(agents.length, 'agent')}</strong> may use its tools and will go on without them, runs under way too:</p>
      <AgentLinks agents={agents} className="mt-1" />
    </div>
  );

interface Props {
  server: McpServer;
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
}

/** Asks before a server is deleted; one whose tools agents use takes its name, which the api wants too. */
export const DeleteServerDialog = ({ server, isOpen, onOpenChange, onDeleted }: Props & { onDeleted: () => void }) => {
  const queryClient = useQueryClient();
  const isInUse = server.used_by_agents.length > 0;
  const remove = async (): Promise<void> => {
    await api.call('deleteMcpServer', { params: { id: server.id }, query: isInUse ? { name: server.name } : {} }).catch(async (error: unknown) => {
      // Taken into use since it was read: the question is asked anew with what leans on it.
      if (hasCode(error, 'CONNECTION_IN_USE')) await refresh(queryClient, 'listMcpServers');
      throw error;
    });
    toast.success('MCP server deleted', { description: server.name });
    onDeleted();
    void refresh(queryClient, 'listMcpServers', 'listIntegrations', 'listTools', 'listToolSettings', 'listSecrets');
  };
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Delete ${server.name}?`} confirmLabel="Delete MCP server" onConfirm={remove} {...(isInUse ? { typedName: server.name } : {})}>
      <p>Its tools and their reviews go with it. Added again, every tool is reviewed anew. Past runs and their traces stay.</p>
      <Affected server={server} />
    </ConfirmDialog>
  );
};

/** Asks before a server whose tools agents use is switched off; switching on needs no question. */
export const SwitchOffDialog = ({ server, isOpen, onOpenChange, onConfirm }: Props & { onConfirm: () => Promise<unknown> }) => (
  <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Switch ${server.name} off?`} confirmLabel="Switch off" cancelLabel="Leave on" onConfirm={onConfirm}>
    <p>It is not connected to and none of its tools is offered until it is switched on again. Settings and reviews stay.</p>
    <Affected server={server} />
  </ConfirmDialog>
);
