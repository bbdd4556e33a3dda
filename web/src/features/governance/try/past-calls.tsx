import type { Agent } from '@contracts/agents.ts';
import type { RecordedDecision } from '@contracts/policies.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Arguments } from '@/components/approval/arguments/argument-items.ts';
import { DataBlock } from '@/components/data-block.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
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

interface PickedCall {
  agentId: string;
  toolName: string;
  args: Arguments;
}

/** Picks a call from the ledger, newest first; at first of the chosen agent. */
export const PastCalls = ({ chosen, agents, onPick, onClose, onPicked }: {
  chosen: Pick<Agent, 'id'> | undefined;
  agents: readonly Pick<Agent, 'id' | 'name'>[];
  onPick: (call: PickedCall) => void;
  onClose: () => void;
  /** The dialog is gone after a call was picked: puts the focus where its verdict comes. */
  onPicked: () => void;
}) => {
  const [agentId, setAgentId] = useState(chosen?.id ?? '');
  const [tool, setTool] = useState('');
  const [busyId, setBusyId] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const hasPicked = useRef(false);
  const query = useInfiniteQuery(apiPages('listDecisions', { query: { limit: 20, ...(agentId === '' ? {} : { agent_id: agentId }), ...(tool === '' ? {} : { tool_name: tool }) } }));
  const decisions = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const pick = async (decision: RecordedDecision): Promise<void> => {
    if (busyId !== undefined) return;
    setBusyId(decision.id);
    setProblem(undefined);
    try {
      const args = await readArguments(decision);
      if (args === undefined || decision.agent_id === null) setProblem('The arguments of this call are not there any more.');
      else {
        hasPicked.current = true;
        onPick({ agentId: decision.agent_id, toolName: decision.tool_name, args });
      }
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setBusyId(undefined);
    }
  };
  return (
    <Dialog open onOpenChange={(isOpen) => !isOpen && onClose()}>
      <DialogContent
        className="max-w-2xl"
        onCloseAutoFocus={(event) => {
          if (!hasPicked.current) return;
          event.preventDefault();
          onPicked();
        }}
      >
        <DialogHeader>
          <DialogTitle>Pick a past call</DialogTitle>
          <DialogDescription>Its agent, tool and arguments are taken over; it is not made again.</DialogDescription>
        </DialogHeader>
        <div className="flex flex-wrap gap-2">
          <Select aria-label="Agent" value={agentId} onChange={(event) => setAgentId(event.target.value)} className="sm:w-56"><option value="">All agents</option>{agents.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</Select>
          <Select aria-label="Tool" value={tool} onChange={(event) => setTool(event.target.value)} className="sm:w-56"><option value="">All tools</option><ToolOptions chosen={tool === '' ? undefined : tool} /></Select>
        </div>
        {problem !== undefined && <div role="alert"><FieldError>{problem}</FieldError></div>}
        <DataBlock
          query={query}
          what="Past calls"
          skeleton={<Skeleton className="h-56" />}
          isEmpty={() => decisions.length === 0}
          isFiltered={agentId !== '' || tool !== ''}
          empty={<p className="py-6 text-center text-row text-muted-foreground">No call was judged yet.</p>}
          emptyFiltered={(
            <p className="py-6 text-center text-row text-muted-foreground">
              No call {tool !== '' && <>of <code>{tool}</code> </>}was judged{agentId !== '' && ' for this agent'} yet.{' '}
              <Button variant="link" size="inline" className="text-row" onClick={() => {
                setAgentId('');
                setTool('');
              }}>Show all calls</Button>
            </p>
          )}
        >
          {() => (
            <div className="min-h-0 overflow-y-auto">
              <ul className="divide-y rounded-control border" aria-label="Past calls, newest first">
                {decisions.map((decision) => (
                  <li key={decision.id} className="relative flex flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 text-row hover:bg-muted">
                    <button type="button" aria-busy={busyId === decision.id || undefined} onClick={() => void pick(decision)} className="font-mono font-medium wrap-anywhere after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-ring">{decision.tool_name}</button>
                    <EffectPill effect={decision.verdict} />
                    <RiskChip risk={decision.risk_level} />
                    <span className="flex min-w-0 flex-1 items-baseline gap-2 text-muted-foreground max-sm:basis-full">
                      <span className="min-w-0 flex-1 truncate"><UntrustedText text={decision.agent_name ?? 'an agent that was deleted'} /></span>
                      <RelativeTime at={decision.at} className="text-caption" />
                    </span>
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
