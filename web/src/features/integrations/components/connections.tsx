import type { Integration } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { Plug } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Select } from '@/components/ui/select.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf } from '@/lib/format.ts';
import { groupIntegrations, groups } from '../groups.ts';
import { type IntegrationsSearch, integrationsSearchShape, type OnIntegrationsSearch } from '../search.ts';
import { IntegrationCard } from './integration-card.tsx';

const Group = ({ title, purpose, items, action }: { title: string; purpose: string; items: Integration[]; action: ReactNode }) => {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="text-title font-semibold">{title}</h2>
      <p className="mb-2 flex flex-wrap items-baseline gap-x-2 text-row text-muted-foreground">{purpose}{action}</p>
      <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {items.map((integration) => <li key={`${integration.kind} ${integration.id}`} className="grid"><IntegrationCard integration={integration} /></li>)}
      </ul>
    </section>
  );
};

/** One line before the details: is anything failing, and does it matter to somebody. */
const Summary = ({ items }: { items: Integration[] }) => {
  const troubled = items.filter(({ state }) => state === 'failing' || state === 'degraded');
  const missing = items.filter(({ state }) => state === 'not_configured').length;
  return (
    <p className="text-body">
      {troubled.length === 0 ? 'Everything that is set up works.' : <><strong>{troubled.map(({ name }) => name).join(', ')}</strong> {troubled.length === 1 ? 'needs' : 'need'} a look.</>}
      {missing > 0 && <span className="text-muted-foreground"> {countOf(missing, 'connection')} not configured.</span>}
    </p>
  );
};

/** What is connected, how it is, and what it affects. */
export const Connections = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const query = useQuery({ ...apiQuery('listIntegrations'), refetchInterval: 30_000 });
  const to = (tab: IntegrationsSearch['tab'], label: string): ReactNode => <Button variant="link" size="inline" className="text-row" onClick={() => onSearch({ tab, kind: undefined })}>{label}</Button>;
  const actions: Partial<Record<Integration['kind'], ReactNode>> = {
    model_provider: to('models', 'Keys, limits and tests'),
    tool: to('tools', 'Limits and settings'),
    data_source: to('data-sources', 'Addresses, tables and tests'),
    mcp_server: to('mcp-servers', 'Tools and reviews'),
    email: to('outbox', 'Outbox'),
  };
  const parsed = (value: string) => integrationsSearchShape.kind.safeParse(value).data;
  return (
    <DataBlock
      query={query}
      what="Integrations"
      skeleton={<div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">{[1, 2, 3, 4, 5, 6].map((card) => <Skeleton key={card} className="h-32" />)}</div>}
      isEmpty={({ items }) => groupIntegrations(items, search.kind).length === 0}
      isFiltered={search.kind !== undefined}
      empty={<Card><EmptyState icon={Plug} title="Nothing is connected." action={to('models', 'Connect a model')}>Agents need a model to think with.</EmptyState></Card>}
      emptyFiltered={<Card><EmptyState icon={Plug} title="Nothing of this kind is connected." action={<Button variant="outline" onClick={() => onSearch({ kind: undefined })}>Show all kinds</Button>} /></Card>}
    >
      {({ items }) => (
        <div className="flex flex-col gap-6">
          <div className="flex flex-wrap items-center justify-between gap-3">
            <Summary items={items} />
            <Select data-filter aria-label="Kind" className="sm:w-56" value={search.kind ?? ''} onChange={(event) => onSearch({ kind: parsed(event.target.value) }, { replace: true })}>
              <option value="">All kinds</option>
              {groups.map(({ kind, title }) => <option key={kind} value={kind}>{title}</option>)}
            </Select>
          </div>
          {groupIntegrations(items, search.kind).map((group) => <Group key={group.kind} title={group.title} purpose={group.purpose} items={group.items} action={actions[group.kind]} />)}
        </div>
      )}
    </DataBlock>
  );
};
