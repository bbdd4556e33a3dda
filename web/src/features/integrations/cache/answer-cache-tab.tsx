import type { AnswerCacheFigures } from '@contracts/connections.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Layers, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import { ConfirmDialog } from '@/components/confirm-dialog.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Money } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { api } from '@/lib/api-client.ts';
import { apiQuery, refresh } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf, formatBytes, formatInteger } from '@/lib/format.ts';
import { whoWrites } from '../components/who-writes.ts';

type OfAgent = AnswerCacheFigures['by_agent'][number];

const Figure = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex flex-col gap-0.5">
    <dt className="text-caption text-muted-foreground">{term}</dt>
    <dd className="tabular text-headline font-semibold">{children}</dd>
  </div>
);

const columns: Column<OfAgent>[] = [
  { key: 'agent', header: 'Agent', className: 'w-full', cell: (row) => <Link to="/maestro/agents/$agentId" params={{ agentId: row.agent_id }} className={rowLinkClass}>{row.agent_name}</Link> },
  { key: 'entries', header: 'Answers', align: 'right', cell: (row) => <span className="tabular">{formatInteger(row.entries)}</span> },
  { key: 'hits', header: 'Used again', align: 'right', cell: (row) => <span className="tabular">{formatInteger(row.hits)}</span> },
  { key: 'saved', header: 'Saved', align: 'right', cell: (row) => <Money microUsd={row.saved_micro_usd} /> },
];

/** Answers kept for identical requests: how many, what they saved, for which agents, and the way to forget them. */
export const AnswerCacheTab = () => {
  const canWrite = useCan('integrations:write');
  const queryClient = useQueryClient();
  const query = useQuery({ ...apiQuery('getAnswerCache'), refetchInterval: 30_000 });
  const [purging, setPurging] = useState<{ agent: OfAgent | undefined; entries: number }>();
  const purge = async (): Promise<void> => {
    const { purged } = await api.call('purgeAnswerCache', { query: purging?.agent === undefined ? {} : { agent_id: purging.agent.agent_id } });
    void refresh(queryClient, 'getAnswerCache');
    toast.success(`${countOf(purged, 'answer')} forgotten`);
  };
  return (
    <>
      <p className="mb-4 max-w-prose text-row text-muted-foreground">
        Agents that allow it are answered from here when the very same request was answered before: same model, words, tools and parameters. Off unless an agent’s form switches it on.
        {!canWrite && <> Your role reads the figures; {whoWrites} forget answers.</>}
      </p>
      <DataBlock
        query={query}
        what="The answer cache"
        skeleton={<Skeleton className="h-48" />}
        isEmpty={({ entries, hits }) => entries === 0 && hits === 0}
        empty={<Card><EmptyState icon={Layers} title="No answer is kept.">Switch the cache on in an agent’s form, for work that asks the same again.</EmptyState></Card>}
      >
        {(figures) => (
          <div className="flex flex-col gap-4">
            <Card className="flex-row flex-wrap items-center justify-between gap-4 p-4">
              <dl className="flex flex-wrap gap-x-10 gap-y-3">
                <Figure term="Answers kept">{formatInteger(figures.entries)}</Figure>
                <Figure term="Size">{formatBytes(figures.bytes)}</Figure>
                <Figure term="Used again">{formatInteger(figures.hits)}</Figure>
                <Figure term="Saved"><Money microUsd={figures.saved_micro_usd} /></Figure>
              </dl>
              {canWrite && figures.entries > 0 && <Button variant="outline" onClick={() => setPurging({ agent: undefined, entries: figures.entries })}><Trash2 aria-hidden />Forget all</Button>}
            </Card>
            {figures.by_agent.length > 0 && (
              <DataTable
                rows={figures.by_agent}
                columns={columns}
                rowKey={({ agent_id: id }) => id}
                caption="Kept answers by agent"
                {...(canWrite ? { actions: (agent: OfAgent) => agent.entries > 0 && <Button variant="outline" size="small" onClick={() => setPurging({ agent, entries: agent.entries })} aria-label={`Forget the answers of ${agent.agent_name}`}>Forget</Button> } : {})}
              />
            )}
          </div>
        )}
      </DataBlock>
      {purging !== undefined && (
        <ConfirmDialog isOpen onOpenChange={(isOpen) => !isOpen && setPurging(undefined)} title={purging.agent === undefined ? 'Forget all kept answers?' : `Forget the answers of ${purging.agent.agent_name}?`} confirmLabel={`Forget ${countOf(purging.entries, 'answer')}`} onConfirm={purge}>
          The next identical requests go to the model again and cost what they cost. Past runs keep their answers.
        </ConfirmDialog>
      )}
    </>
  );
};
