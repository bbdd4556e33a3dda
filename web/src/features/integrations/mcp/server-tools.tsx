import type { McpServer, McpTool } from '@contracts/mcp-servers.ts';
import { Search, SearchX, Wrench } from 'lucide-react';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Input } from '@/components/ui/input.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { toolEffectWords } from '@/components/tools/tool-marks.tsx';
import { useGrowingCount } from '@/hooks/use-growing-count.ts';
import { countOf, formatInteger } from '@/lib/format.ts';
import { LookPill } from '../components/look-pill.tsx';
import { currentOf, matchesTool, sortTools, statusLooks } from './mcp-words.ts';

const columns: Column<McpTool>[] = [
  {
    key: 'name', header: 'Tool', className: 'w-full min-w-64 py-2',
    cell: (tool) => {
      const { definition } = currentOf(tool);
      return (
        <>
          <span className="block font-mono text-row font-medium wrap-anywhere">{tool.registered_name}</span>
          <span className="line-clamp-2 text-caption text-muted-foreground"><UntrustedText text={definition.description} /></span>
          {tool.used_by_agents.length > 0 && <span className="block text-caption text-muted-foreground">Used by {tool.used_by_agents.map(({ name }) => name).join(', ')}</span>}
        </>
      );
    },
  },
  {
    key: 'risk', header: 'Risk and effect',
    cell: (tool) => (
      <span className="flex flex-col items-start gap-0.5">
        <RiskChip risk={tool.risk ?? tool.proposed_risk} />
        <span className="text-caption whitespace-nowrap text-muted-foreground">{toolEffectWords[tool.effect ?? tool.proposed_effect].word}{tool.risk === null && ', proposed'}</span>
      </span>
    ),
  },
  { key: 'status', header: 'State', cell: (tool) => <LookPill look={statusLooks[tool.status]} /> },
];

/** The tools of a server: what wants a review first, then what is on. */
export const ServerTools = ({ server, canWrite, text, onText, onReview }: { server: McpServer; canWrite: boolean; text: string; onText: (text: string | undefined) => void; onReview: (id: string) => void }) => {
  const shown = sortTools(server.tools).filter((tool) => text.trim() === '' || matchesTool(tool, text.trim()));
  const { count, endRef, grow } = useGrowingCount(shown.length, text);
  if (server.tools.length === 0) return <Card><EmptyState icon={Wrench} title="No tool is known of it.">{canWrite ? 'Refresh connects to it and lists its tools.' : 'It was not reached yet, or lists none.'}</EmptyState></Card>;
  return (
    <>
      <span className="relative mb-3 block sm:w-72">
        <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted-foreground" />
        <Input data-filter type="search" aria-label="Tool" placeholder="Tool" value={text} maxLength={200} onChange={(event) => onText(event.target.value || undefined)} className="pl-9" />
      </span>
      {shown.length === 0 ? (
        <Card><EmptyState icon={SearchX} title={`No tool matches “${text}”.`} action={<Button variant="outline" onClick={() => onText(undefined)}>Clear filter</Button>} /></Card>
      ) : (
        <DataTable
          rows={shown.slice(0, count)}
          columns={columns}
          rowKey={({ id }) => id}
          caption={`Tools of ${server.name}`}
          actions={({ id, status, registered_name: name }) => {
            const word = !canWrite ? 'Look' : status === 'new' || status === 'changed' ? 'Review' : 'Change';
            return <Button variant={word === 'Review' ? 'primary' : 'outline'} size="small" onClick={() => onReview(id)} aria-label={`${word === 'Look' ? 'Look at' : word} ${name}`}>{word}</Button>;
          }}
        />
      )}
      <div ref={endRef} className="mt-3 flex flex-wrap items-center gap-3 text-caption text-muted-foreground">
        <span>{count < shown.length ? `${formatInteger(count)} of ${countOf(shown.length, 'tool')}` : countOf(shown.length, 'tool')}</span>
        {count < shown.length && <Button variant="outline" size="small" onClick={grow}>Show more</Button>}
      </div>
    </>
  );
};
