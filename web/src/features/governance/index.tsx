import { Plus } from 'lucide-react';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { ExportMenu } from '@/components/export-menu.tsx';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { useCan } from '@/lib/auth.tsx';
import { readAllPages } from '@/lib/read-all-pages.ts';
import { auditColumns } from './audit/audit-actions.ts';
import { Policies } from './policies/policies.tsx';
import { type GovernanceSearch, governanceSearchShape, type OnGovernanceSearch, toAuditQuery } from './search.ts';

// Each tab but the first is fetched when it is opened.
const TryTab = lazy(() => import('./try/try-tab.tsx').then((module) => ({ default: module.TryTab })));
const BackTestTab = lazy(() => import('./back-test/back-test.tsx').then((module) => ({ default: module.BackTestTab })));
const PolicySets = lazy(() => import('./history/policy-sets.tsx').then((module) => ({ default: module.PolicySets })));
const Audit = lazy(() => import('./audit/audit.tsx').then((module) => ({ default: module.Audit })));

const tabs = { policies: 'Policies', try: 'Try a call', backtest: 'Back-test', history: 'History', audit: 'Audit' } as const;

/** A panel is there while what it shows is still fetched: its tab names it. */
const Panel = ({ tab, children }: { tab: keyof typeof tabs; children: ReactNode }) => (
  <TabsContent value={tab} tabIndex={-1}><Suspense fallback={<Skeleton aria-busy className="h-64" />}>{children}</Suspense></TabsContent>
);

/** Each tab begins anew. */
const cleared = Object.fromEntries(Object.keys(governanceSearchShape).map((key) => [key, undefined])) as GovernanceSearch;

/** Governance: which policies are live, what they stop, and who did what. */
export const GovernancePage = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const tab = search.tab ?? 'policies';
  const canWrite = useCan('policies:write');
  return (
    <>
      <PageHeader
        title={tab === 'policies' ? 'Governance' : tab === 'audit' ? 'Audit log' : tabs[tab]}
        heading="Governance"
        actions={
          <>
            {tab === 'audit' && <ExportMenu name="audit" noun="record" load={() => readAllPages('listAudit', { query: toAuditQuery(search) })} columns={auditColumns} />}
            {tab === 'policies' && canWrite && <Button asChild><Link to="/governance/policies/$policyId" params={{ policyId: 'new' }}><Plus aria-hidden />Write a policy</Link></Button>}
          </>
        }
      />
      <Tabs value={tab} onValueChange={(next) => onSearch({ ...cleared, tab: governanceSearchShape.tab.safeParse(next).data })}>
        <TabsList aria-label="Governance">
          {Object.entries(tabs).map(([value, label]) => <TabsTrigger key={value} value={value}>{label}</TabsTrigger>)}
        </TabsList>
        <Panel tab="policies"><Policies search={search} onSearch={onSearch} /></Panel>
        <Panel tab="try"><TryTab search={search} onSearch={onSearch} /></Panel>
        <Panel tab="backtest"><BackTestTab search={search} onSearch={onSearch} /></Panel>
        <Panel tab="history"><PolicySets /></Panel>
        <Panel tab="audit"><Audit search={search} onSearch={onSearch} /></Panel>
      </Tabs>
    </>
  );
};
