import { PageHeader } from '@/components/layout/page-header.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { Connections } from './components/connections.tsx';
import { Outbox } from './components/outbox.tsx';
import type { IntegrationsSearch, OnIntegrationsSearch } from './search.ts';

/** Integrations: what is connected and how it is, and the e-mails of the built-in outbox. */
export const IntegrationsPage = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const isOutbox = search.tab === 'outbox';
  return (
    <>
      <PageHeader title={isOutbox ? 'Outbox' : 'Integrations'} heading="Integrations" />
      <Tabs value={isOutbox ? 'outbox' : 'connections'} onValueChange={(tab) => onSearch({ tab: tab === 'outbox' ? 'outbox' : undefined, kind: undefined, mail: undefined })}>
        <TabsList aria-label="Integrations">
          <TabsTrigger value="connections">Connections</TabsTrigger>
          <TabsTrigger value="outbox">Outbox</TabsTrigger>
        </TabsList>
        <TabsContent value="connections" tabIndex={-1}><Connections search={search} onSearch={onSearch} /></TabsContent>
        <TabsContent value="outbox" tabIndex={-1}><Outbox search={search} onSearch={onSearch} /></TabsContent>
      </Tabs>
    </>
  );
};
