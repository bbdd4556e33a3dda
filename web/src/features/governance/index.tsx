import { ExportMenu } from '@/components/export-menu.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { auditColumns } from './audit-actions.ts';
import { Audit } from './components/audit.tsx';
import { Policies } from './components/policies.tsx';
import { type GovernanceSearch, type OnGovernanceSearch, toAuditQuery } from './search.ts';

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
      <Tabs value={isAudit ? 'audit' : 'policies'} onValueChange={(tab) => onSearch({ tab: tab === 'audit' ? 'audit' : undefined, action: undefined, object: undefined, entry: undefined })}>
        <TabsList aria-label="Governance">
          <TabsTrigger value="policies">Policies</TabsTrigger>
          <TabsTrigger value="audit">Audit</TabsTrigger>
        </TabsList>
        <TabsContent value="policies" tabIndex={-1}><Policies /></TabsContent>
        <TabsContent value="audit" tabIndex={-1}><Audit search={search} onSearch={onSearch} /></TabsContent>
      </Tabs>
    </>
  );
};
