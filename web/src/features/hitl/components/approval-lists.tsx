import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { PageHeader } from '@/components/layout/page-header.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { Tabs, TabsContent, TabsList, TabsTrigger } from '@/components/ui/tabs.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatInteger, shortId } from '@/lib/format.ts';
import type { ApprovalsSearch, OnApprovalsSearch } from '../search.ts';
import type { useQueue } from '../use-queue.ts';
import type { Selection } from '../use-selection.ts';
import { PendingTab } from './pending-tab.tsx';

// What waits is why the page is opened.
const HistoryExport = lazy(() => import('./history-export-menu.tsx').then((module) => ({ default: module.HistoryExportMenu })));
const History = lazy(() => import('./history.tsx').then((module) => ({ default: module.History })));
const Notifications = lazy(() => import('./notifications.tsx').then((module) => ({ default: module.Notifications })));

/** How many wait, beside the word of the tab. */
const PendingCount = () => {
  const { data } = useQuery(apiQuery('countApprovals'));
  return data === undefined || data.pending === 0 ? null : <Badge className="tabular">{formatInteger(data.pending)}</Badge>;
};

/** The lists of the approvals page in their tabs; on a wide screen with the open request (`children`) beside what waits. */
export const ApprovalLists = ({ tab, requestId, search, onSearch, queue, selection, isSplit, children }: {
  tab: 'pending' | 'history' | 'notifications';
  requestId: string | undefined;
  search: ApprovalsSearch;
  onSearch: OnApprovalsSearch;
  queue: ReturnType<typeof useQueue>;
  /** Absent for those who may not decide. */
  selection: Selection | undefined;
  isSplit: boolean;
  children: ReactNode;
}) => {
  const navigate = useNavigate();
  return (
    <>
      <PageHeader
        title={requestId === undefined ? 'Approvals' : `Approval ${shortId(requestId)}`}
        heading="Approvals"
        crumbs={requestId === undefined ? [] : [{ label: 'Approvals', to: '/hitl' }]}
        {...(tab === 'history' ? { actions: <Suspense fallback={null}><HistoryExport search={search} /></Suspense> } : {})}
      />
      <Tabs value={tab} onValueChange={(next) => void navigate({ to: '/hitl', search: { ...search, tab: next === 'history' || next === 'notifications' ? next : undefined } })}>
        <TabsList aria-label="Approvals">
          <TabsTrigger value="pending">Pending<PendingCount /></TabsTrigger>
          <TabsTrigger value="history">History</TabsTrigger>
          {selection !== undefined && <TabsTrigger value="notifications">Notifications</TabsTrigger>}
        </TabsList>
        <TabsContent value="pending" tabIndex={-1}>
          <PendingTab queue={queue} search={search} onSearch={onSearch} openId={requestId} selection={selection} isSplit={isSplit}>{children}</PendingTab>
        </TabsContent>
        <TabsContent value="history" tabIndex={-1}>
          <Suspense fallback={<Skeleton className="h-96" />}><History search={search} onSearch={onSearch} /></Suspense>
        </TabsContent>
        <TabsContent value="notifications" tabIndex={-1}>
          <Suspense fallback={<Skeleton className="h-40 max-w-2xl" />}><Notifications /></Suspense>
        </TabsContent>
      </Tabs>
    </>
  );
};
