import type { ToolName } from '@contracts/tools.ts';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck, ShieldQuestion } from 'lucide-react';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';

/** "2 of 4 tools will ask for approval", and which. */
export const ApprovalForecast = ({ tools }: { tools: readonly ToolName[] }) => {
  const catalogue = useQuery(apiQuery('listTools'));
  if (tools.length === 0) return <p className="text-row text-muted-foreground">The agent has no tools: it only answers.</p>;
  if (catalogue.data === undefined) return <p className="min-h-5 text-row text-muted-foreground">{catalogue.isError ? 'Which tools ask for approval could not be loaded.' : ''}</p>;
  const known = catalogue.data.items.filter((tool) => tools.includes(tool.name));
  const asking = known.filter((tool) => tool.needs_approval);
  const missing = known.filter((tool) => !tool.is_configured);
  const Icon = asking.length > 0 ? ShieldQuestion : ShieldCheck;
  return (
    <div className="flex items-start gap-2 text-row">
      <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
      <div>
        <p>
          {asking.length === 0 ? `None of ${countOf(tools.length, 'tool')} asks for approval at its usual risk.` : `${asking.length} of ${countOf(tools.length, 'tool')} will ask for approval: `}
          {asking.length > 0 && <span className="font-mono text-caption">{asking.map((tool) => tool.name).join(', ')}</span>}
        </p>
        {missing.length > 0 && <p className="text-waiting-text">Not configured here: {missing.map((tool) => tool.name).join(', ')}. The agent will be told so.</p>}
      </div>
    </div>
  );
};
