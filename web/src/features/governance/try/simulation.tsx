import type { SimulateAgentBody, SimulatedAgent } from '@contracts/policies.ts';
import { useQuery } from '@tanstack/react-query';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { SimulatedNotes } from '@/components/policies/simulated-notes.tsx';
import { simulationQuery } from '@/components/policies/simulation.ts';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { useTriedAgent } from './use-tried-agent.ts';

type Row = SimulatedAgent['items'][number];

const columnsOf = (onTry: (tool: string) => void): Column<Row>[] => [
  { key: 'tool', header: 'Tool', cell: (row) => <span className="font-mono font-medium whitespace-nowrap max-sm:wrap-anywhere max-sm:whitespace-normal">{row.tool_name}</span> },
  { key: 'risk', header: 'Usual risk', cell: (row) => <RiskChip risk={row.risk_level} /> },
  { key: 'verdict', header: 'Verdict', cell: (row) => <EffectPill effect={row.verdict} /> },
  { key: 'why', header: 'Why', cell: (row) => <div className="py-1"><SimulatedNotes item={row} /></div> },
  { key: 'try', header: 'Arguments', cell: (row) => <Button variant="link" size="inline" className="text-row" onClick={() => onTry(row.tool_name)} aria-label={`Try a call of ${row.tool_name}`}>Try</Button> },
];

/** All tools of an agent, each with the verdict it would get at its usual risk. */
export const Simulation = ({ agentId, draft, refusal, onTry }: { agentId: string | undefined; draft?: SimulateAgentBody['draft']; refusal?: string | undefined; onTry: (tool: string) => void }) => {
  const { agent, isGone } = useTriedAgent(agentId);
  const query = useQuery({ ...simulationQuery({ agentId: agentId ?? '', ...(draft === undefined ? {} : { draft }) }), enabled: agent !== undefined && refusal === undefined, retry: false });
  return (
    <Card>
      <CardHeader><CardTitle>The whole agent</CardTitle></CardHeader>
      <CardContent>
        {agentId === undefined || isGone || (refusal !== undefined && query.data === undefined) ? <p className="text-row text-muted-foreground">{refusal ?? 'Choose an agent above to see what each of its tools would get.'}</p> : (
          <DataBlock query={query} what="Verdicts" skeleton={<Skeleton className="h-40" />} isEmpty={({ items }) => items.length === 0} empty={<p className="text-row text-muted-foreground">It has no tools: it only answers.</p>}>
            {({ items, policy_version: version, agent_version: agentVersion }) => (
              <div className="flex flex-col gap-2">
                <DataTable rows={items} columns={columnsOf(onTry)} rowKey={(row) => row.tool_name} caption="Verdict of each tool" />
                <p className="text-caption text-muted-foreground">Version {agentVersion} of the agent under <code className="wrap-anywhere">{version}</code>, before any argument is known.</p>
              </div>
            )}
          </DataBlock>
        )}
      </CardContent>
    </Card>
  );
};
