import { lazy, Suspense } from 'react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { Connections } from './components/connections.tsx';
import { integrationTabs, type IntegrationsSearch, type OnIntegrationsSearch } from './search.ts';

// The overview is what most visits want: the other tabs come when they are opened.
const ModelsTab = lazy(() => import('./models/models-tab.tsx').then((module) => ({ default: module.ModelsTab })));
const ToolsTab = lazy(() => import('./tools/tools-tab.tsx').then((module) => ({ default: module.ToolsTab })));
const DataSourcesTab = lazy(() => import('./data-sources/data-sources-tab.tsx').then((module) => ({ default: module.DataSourcesTab })));
const McpServersTab = lazy(() => import('./mcp/mcp-servers-tab.tsx').then((module) => ({ default: module.McpServersTab })));
const SecretsTab = lazy(() => import('./secrets/secrets-tab.tsx').then((module) => ({ default: module.SecretsTab })));
const WebhooksTab = lazy(() => import('./webhooks/webhooks-tab.tsx').then((module) => ({ default: module.WebhooksTab })));
const PricesTab = lazy(() => import('./prices/prices-tab.tsx').then((module) => ({ default: module.PricesTab })));
const AnswerCacheTab = lazy(() => import('./cache/answer-cache-tab.tsx').then((module) => ({ default: module.AnswerCacheTab })));
const Outbox = lazy(() => import('./outbox/outbox.tsx').then((module) => ({ default: module.Outbox })));

type Tab = 'overview' | (typeof integrationTabs)[number];
const labels: Record<Tab, string> = { overview: 'Overview', models: 'Models', tools: 'Tools', 'data-sources': 'Data sources', 'mcp-servers': 'MCP servers', secrets: 'Secrets', webhooks: 'Webhooks', prices: 'Prices', cache: 'Answer cache', outbox: 'Outbox' };
const toTab = (value: string): IntegrationsSearch['tab'] => integrationTabs.find((tab) => tab === value);

/** Integrations: what is connected and how it is, the connections to models with their prices and kept answers, the tools with what they reach, the outbox. */
export const IntegrationsPage = ({ search, onSearch }: { search: IntegrationsSearch; onSearch: OnIntegrationsSearch }) => {
  const tab: Tab = search.tab ?? 'overview';
  return (
    <>
      <PageHeader title={tab === 'overview' ? 'Integrations' : labels[tab]} heading="Integrations" />
      <Tabs value={tab} onValueChange={(value) => onSearch({ tab: toTab(value), kind: undefined, id: undefined, text: undefined, mail: undefined, view: undefined, tool: undefined })}>
        <TabsList aria-label="Integrations">
          {Object.entries(labels).map(([value, label]) => <TabsTrigger key={value} value={value}>{label}</TabsTrigger>)}
        </TabsList>
        <Suspense fallback={<Skeleton className="h-64" />}>
          <TabsContent value="overview" tabIndex={-1}><Connections search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="models" tabIndex={-1}><ModelsTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="tools" tabIndex={-1}><ToolsTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="data-sources" tabIndex={-1}><DataSourcesTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="mcp-servers" tabIndex={-1}><McpServersTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="secrets" tabIndex={-1}><SecretsTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="webhooks" tabIndex={-1}><WebhooksTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="prices" tabIndex={-1}><PricesTab search={search} onSearch={onSearch} /></TabsContent>
          <TabsContent value="cache" tabIndex={-1}><AnswerCacheTab /></TabsContent>
          <TabsContent value="outbox" tabIndex={-1}><Outbox search={search} onSearch={onSearch} /></TabsContent>
        </Suspense>
      </Tabs>
    </>
  );
};
