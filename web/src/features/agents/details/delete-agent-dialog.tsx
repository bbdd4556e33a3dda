import type { Agent } from '@contracts/agents.ts';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { toast } from 'sonner';
import { z } from 'zod';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { api } from '@/lib/api-client.ts';
import { hasCode } from '@/lib/api-error.ts';
import { refresh } from '@/lib/api-query.ts';
import { shortId } from '@/lib/format.ts';

const openRunsSchema = z.object({ run_ids: z.array(z.string()) });

/** Asks before an agent is deleted; one with open runs is refused, with links to them. */
export const DeleteAgentDialog = ({ agent, isOpen, onOpenChange }: { agent: Agent; isOpen: boolean; onOpenChange: (isOpen: boolean) => void }) => {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [openRuns, setOpenRuns] = useState<string[]>([]);
  const remove = async (): Promise<void> => {
    setOpenRuns([]);
    try {
      await api.call('deleteAgent', { params: { id: agent.id } });
    } catch (error) {
      const details = openRunsSchema.safeParse(hasCode(error, 'AGENT_HAS_OPEN_RUNS') ? error.details : undefined);
      if (details.success) setOpenRuns(details.data.run_ids);
      throw error;
    }
    toast.success('Agent deleted', { description: agent.name });
    await navigate({ to: '/agents' });
    void refresh(queryClient, 'listAgents', 'getAgent');
  };
  return (
    <ConfirmDialog isOpen={isOpen} onOpenChange={onOpenChange} title={`Delete ${agent.name}?`} confirmLabel="Delete agent" onConfirm={remove}>
      <p>It can no longer be run. Its past runs and their traces stay readable.</p>
      {openRuns.length > 0 && (
        <div className="mt-3">
          <p className="text-foreground">Cancel these runs, or let them end, first:</p>
          <ul className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
            {openRuns.map((id) => (
              <li key={id}><Link to="/maestro/runs/$runId" params={{ runId: id }} className="inline-block min-h-6 font-mono text-primary underline underline-offset-4">{shortId(id)}</Link></li>
            ))}
          </ul>
          <Link to="/maestro/runs" search={{ agent: agent.id, status: 'queued,running,waiting_for_approval,paused' }} className="mt-1 inline-block min-h-6 text-primary underline underline-offset-4">All open runs of this agent</Link>
        </div>
      )}
    </ConfirmDialog>
  );
};
