import type { Agent, CreateAgentInput } from '@contracts/agents.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button.tsx';
import { Sheet, SheetContent, SheetDescription, SheetTitle } from '@/components/ui/sheet.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, apiQueryKey, refresh } from '@/lib/api-query.ts';
import { hasCode } from '@/lib/api-error.ts';
import { AgentForm } from './agent-form.tsx';
import { toUpdateBody } from './form-values.ts';

// Clipped and not hidden: what is hidden can still be scrolled away by a field that comes into view.
const sheetClass = 'max-w-none gap-0 overflow-clip p-0 lg:max-w-[calc(100vw-240px)]';

const Head = ({ title, description }: { title: string; description: string }) => (
  <div className="border-b p-4 sm:px-6">
    <SheetTitle className="text-page">{title}</SheetTitle>
    <SheetDescription>{description}</SheetDescription>
  </div>
);

/** The sheet for a new agent; leads to its page. */
export const CreateAgentSheet = ({ isOpen, onOpenChange }: { isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const models = useQuery({ ...apiQuery('listModels'), retry: false });
  const create = async (body: CreateAgentInput): Promise<void> => {
    const agent = await api.call('createAgent', { body });
    queryClient.setQueryData(apiQueryKey('getAgent', { params: { id: agent.id } }), agent);
    void refresh(queryClient, 'listAgents');
    toast.success('Agent created successfully', { description: agent.name });
    void navigate({ to: '/maestro/agents/$agentId', params: { agentId: agent.id } });
  };
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent className={sheetClass}>
        <Head title="Create agent" description="Say what it is for, which model thinks and which tools it may use." />
        {/* What it begins with depends on what is connected; a list that cannot be had stops nobody. */}
        {models.isPending ? <div className="p-4 sm:px-6"><Skeleton className="h-64" /></div> : <AgentForm sendLabel="Create agent" onSend={create} onCancel={() => onOpenChange(false)} />}
      </SheetContent>
    </Sheet>
  );
};

/** The sheet that changes an agent, which makes a new version of it. */
export const EditAgentSheet = ({ agent: current, isOpen, onOpenChange }: { agent: Agent; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => {
  const queryClient = useQueryClient();
  // As it was when the sheet was opened: a change by somebody else meanwhile is told, not slipped under what is typed.
  const [base, setBase] = useState(current);
  const isOutdated = current.version !== base.version;
  const save = async (body: CreateAgentInput): Promise<void> => {
    const changes = toUpdateBody(body, base);
    if (changes !== undefined) {
      const saved = await api.call('updateAgent', { params: { id: base.id }, body: changes }).catch((error: unknown) => {
        if (hasCode(error, 'AGENT_CHANGED')) void refresh(queryClient, 'getAgent');
        throw error;
      });
      queryClient.setQueryData(apiQueryKey('getAgent', { params: { id: base.id } }), saved);
      void refresh(queryClient, 'listAgents', 'listAgentVersions');
      toast.success(`Saved as version ${saved.version}`, { description: saved.name });
    } else toast.message('Nothing was changed');
    onOpenChange(false);
  };
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent className={sheetClass}>
        <Head title={`Edit ${base.name}`} description={`Saving makes version ${current.version + 1}; runs under way keep theirs.`} />
        {isOutdated && (
          <div role="alert" className="flex flex-wrap items-center gap-3 border-b bg-waiting-tint px-4 py-2 text-row text-waiting-text sm:px-6">
            <span className="flex-1">This agent is at version {current.version} by now; what you see is based on version {base.version}.</span>
            <Button variant="outline" size="small" onClick={() => setBase(current)}>Start again from version {current.version}</Button>
          </div>
        )}
        <AgentForm key={base.version} base={base} sendLabel="Save" onSend={save} onCancel={() => onOpenChange(false)} />
      </SheetContent>
    </Sheet>
  );
};
