import type { RecordedDecision } from '@contracts/policies.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Arguments } from '@/components/approval/arguments/argument-items.ts';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Dialog, DialogContent, DialogDescription, DialogHeader, DialogTitle } from '@/components/ui/dialog.tsx';
import { FieldError } from '@/components/ui/field.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { ToolOptions } from '@/components/tools/tool-options.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiPages } from '@/lib/api-query.ts';
import { isRecord } from '@/lib/is-record.ts';
import { readAllPages } from '@/lib/read-all-pages.ts';

/** The arguments of a recorded call; the ledger keeps facts alone, the trace of the run keeps the call. */
const readArguments = async ({ run_id: runId, tool_call_id: callId }: RecordedDecision): Promise<Arguments | undefined> => {
  const steps = await readAllPages('listSteps', { params: { run_id: runId }, query: { kind: 'safety' } });
  const found = steps.find((step) => step.tool_call_id === callId);
  if (found === undefined) return undefined;
  const { input } = found.is_shortened ? await api.call('getStep', { params: { run_id: runId, step_id: found.id } }) : found;
  return isRecord(input) && !('raw_arguments' in input) ? (input as Arguments) : undefined;
};

/** Picks a call from the ledger, newest first. */
export const PastCalls = ({ agentId, onPick, onClose }: { agentId: string | undefined; onPick: (call: { agentId: string; toolName: string; args: Arguments }) => void; onClose: () => void }) => {
  const [tool, setTool] = useState('');
  const [busyId, setBusyId] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const query = useInfiniteQuery(apiPages('listDecisions', { query: { limit: 20, ...(agentId === undefined ? {} : { agent_id: agentId }), ...(tool === '' ? {} : { tool_name: tool }) } }));
  const decisions = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const pick = async (decision: RecordedDecision): Promise<void> => {
    if (busyId !== undefined) return;
    setBusyId(decision.id);
    setProblem(undefined);
    try {
      const args = await readArguments(decision);
      if (args === undefined || decision.agent_id === null) setProblem('The arguments of this call are not there any more.');
      else onPick({ agentId: decision.agent_id, toolName: decision.tool_name, args });
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusyId(undefined);
    }
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent className="max-w-2xl">
        <DialogHeader>
          <DialogTitle>Pick a past call</DialogTitle>
          <DialogDescription>Its agent, tool and arguments are taken over; it is not made again.</DialogDescription>
        </DialogHeader>
        <Select aria-label="Tool" value={tool} onChange={(event) => setTool(event.target.value)} className="sm:w-56"><option value="">All tools</option><ToolOptions chosen={tool === '' ? undefined : tool} /></Select>
        {problem !== undefined && <div role="alert"><FieldError>{problem}</FieldError></div>}
        <DataBlock query={query} what="Past calls" skeleton={<Skeleton className="h-56" />} isEmpty={() => decisions.length === 0} empty={<p className="py-6 text-center text-row text-muted-foreground">No call was judged{agentId === undefined ? ' yet' : ' for this agent yet'}.</p>}>
          {() => (
            <div className="min-h-0 overflow-y-auto">
              <ul className="divide-y rounded-control border" aria-label="Past calls, newest first">
                {decisions.map((decision) => (
                  <li key={decision.id} className="relative flex flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 text-row hover:bg-muted">
                    <button type="button" aria-busy={busyId === decision.id || undefined} onClick={() => void pick(decision)} className="font-mono font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring">{decision.tool_name}</button>
                    <EffectPill effect={decision.verdict} />
                    <RiskChip risk={decision.risk_level} />
                    <span className="min-w-0 flex-1 truncate text-muted-foreground"><UntrustedText text={decision.agent_name ?? 'an agent that was deleted'} /></span>
                    <RelativeTime at={decision.at} className="text-caption text-muted-foreground" />
                  </li>
                ))}
              </ul>
              <MoreRows shown={decisions.length} noun="call" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
            </div>
          )}
        </DataBlock>
      </DialogContent>
    </Dialog>
  );
};
