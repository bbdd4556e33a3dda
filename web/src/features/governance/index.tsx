import { ExportMenu } from '@/components/export-menu.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { auditColumns } from './audit/audit-actions.ts';
import { Audit } from './audit/audit.tsx';
import { BackTestTab } from './back-test/back-test.tsx';
import { Policies } from './components/policies.tsx';
import { type GovernanceSearch, governanceSearchShape, type OnGovernanceSearch, toAuditQuery } from './search.ts';

/** Each tab begins anew. */
const cleared = Object.fromEntries(Object.keys(governanceSearchShape).map((key) => [key, undefined])) as GovernanceSearch;

/** Governance: which rules are live, and who did what. */
export const GovernancePage = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const isAudit = search.tab === 'audit';
  return (
    <>
      <PageHeader
        title={isAudit ? 'Audit log' : 'Governance'}
        heading="Governance"
        actions={isAudit && <ExportMenu name="audit" noun="record" load={() => readAllPages('listAudit', { query: toAuditQuery(search) })} columns={auditColumns} />}
      />
      <Tabs value={search.tab ?? 'policies'} onValueChange={(tab) => onSearch({ ...cleared, tab: governanceSearchShape.tab.safeParse(tab).data })}>
        <TabsList aria-label="Governance">
          <TabsTrigger value="policies">Policies</TabsTrigger>
          <TabsTrigger value="backtest">Back-test</TabsTrigger>
          <TabsTrigger value="audit">Audit</TabsTrigger>
        </TabsList>
        <TabsContent value="policies" tabIndex={-1}><Policies /></TabsContent>
        <TabsContent value="backtest" tabIndex={-1}><BackTestTab search={search} onSearch={onSearch} /></TabsContent>
        <TabsContent value="audit" tabIndex={-1}><Audit search={search} onSearch={onSearch} /></TabsContent>
      </Tabs>
    </>
  );
};
