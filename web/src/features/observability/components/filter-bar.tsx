import { timeRanges } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { Label } from '@/components/ui/label.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Switch } from '@/components/ui/switch.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import type { ObservabilitySearchProps, TimeRange } from '../search.ts';

const rangeWords: Record<TimeRange, string> = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' };
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What the figures are about. All of it lives in the address. */
export const FilterBar = ({ search, onSearch }: ObservabilitySearchProps) => {
  const { data } = useQuery(apiQuery('listAgents', { query: { limit: 200 } }));
  const agents = data?.items ?? [];
  const models = [...new Set([...agents.map((agent) => agent.llm_model), ...(search.model === undefined ? [] : [search.model])])].sort();
  return (
    <div role="group" aria-label="Filters" className="mb-4 flex flex-wrap items-center gap-2">
      <span className="w-40 max-sm:w-auto max-sm:grow max-sm:basis-full">
        <Select data-filter aria-label="Range" value={search.range ?? '24h'} onChange={(event) => onSearch({ range: event.target.value === '24h' ? undefined : (event.target.value as TimeRange) })}>
          {timeRanges.map((range) => <option key={range} value={range}>{rangeWords[range]}</option>)}
        </Select>
      </span>
      <span className="w-52 max-sm:w-auto max-sm:grow max-sm:basis-[40%]">
        <Select aria-label="Agent" value={search.agent ?? ''} onChange={(event) => onSearch({ agent: event.target.value || undefined })}>
          <option value="">All agents</option>
          {search.agent !== undefined && agents.every(({ id }) => id !== search.agent) && <option value={search.agent}>Agent {search.agent.slice(0, 8)}</option>}
          {agents.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
        </Select>
      </span>
      <span className="w-52 max-sm:w-auto max-sm:grow max-sm:basis-[40%]">
        <Select aria-label="Model" value={search.model ?? ''} onChange={(event) => onSearch({ model: event.target.value || undefined })}>
          <option value="">All models</option>
          {models.map((model) => <option key={model} value={model}>{model}</option>)}
        </Select>
      </span>
      <span className="flex items-center gap-2">
        <Switch id="with-demo" checked={search.demo === true} onCheckedChange={(isOn) => onSearch({ demo: isOn ? true : undefined })} />
        <Label htmlFor="with-demo" className="font-normal">Include the demo</Label>
      </span>
      <span className="ml-auto text-caption text-muted-foreground">Times in {zone}</span>
    </div>
  );
};
