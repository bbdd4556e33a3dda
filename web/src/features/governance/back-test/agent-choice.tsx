import { useQuery } from '@tanstack/react-query';
import { ChevronDown } from 'lucide-react';
import { useId } from 'react';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';

/** The decisions of which agents are judged anew; none chosen: of every agent. */
export const AgentChoice = ({ chosen, onChosen }: { chosen: readonly string[]; onChosen: (chosen: string[]) => void }) => {
  const id = useId();
  const agents = useQuery({ ...apiQuery('listAgents', { query: { limit: 200 } }), staleTime: 60_000 });
  return (
    <details className="group rounded-control border border-input bg-card sm:max-w-120">
      <summary className="flex min-h-9 cursor-pointer items-center justify-between gap-2 px-3 text-body max-sm:min-h-11">
        Agents: {chosen.length === 0 ? 'every agent' : countOf(chosen.length, 'agent')}
        <ChevronDown aria-hidden className="size-4 text-muted-foreground group-open:rotate-180" />
      </summary>
      <ul aria-label="Agents" className="flex max-h-64 flex-col overflow-y-auto border-t px-3 py-1">
        {agents.data?.items.map((agent) => (
          <li key={agent.id} className="flex min-h-8 items-center gap-2 max-sm:min-h-11">
            <Checkbox
              id={`${id}-${agent.id}`} checked={chosen.includes(agent.id)}
              onCheckedChange={(isOn) => onChosen(isOn === true ? [...chosen, agent.id] : chosen.filter((other) => other !== agent.id))}
            />
            <label htmlFor={`${id}-${agent.id}`} className="min-w-0 truncate text-row"><UntrustedText text={agent.name} /></label>
          </li>
        ))}
      </ul>
    </details>
  );
};
