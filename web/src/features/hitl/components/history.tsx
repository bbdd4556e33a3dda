import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History as HistoryIcon } from 'lucide-react';
import { ApprovalStatePill } from '@/components/approval-state-pill.tsx';
import { diffArguments } from '@/components/approval/arguments/argument-diff.ts';
import { isByPerson } from '@/components/approval/decision/is-by-person.ts';
import { DataBlock } from '@/components/data-block.tsx';
import { aboveRowLink, type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { Duration, RelativeTime } from '@/components/figures.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { countOf, shortId } from '@/lib/format.ts';
import { Filters } from './filters.tsx';
import { historyQuery } from '../history-export.ts';
import { type ApprovalsSearch, clearedFilters, filterWords, type OnApprovalsSearch } from '../search.ts';

const short = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
};

/** What an approver changed, in a few words; the whole difference is on the request's own page. */
const Edits = ({ request }: { request: ApprovalRequest }) => {
  const executed = request.decision?.edited_arguments ?? (request.original_arguments === null ? null : request.arguments);
  if (executed === null) return null;
  const changes = diffArguments(request.original_arguments ?? request.arguments, executed);
  return (
    <ul className="flex max-w-80 min-w-48 flex-col gap-0.5 text-caption">
      {changes.slice(0, 3).map(({ path, before, after }) => (
        <li key={path} className="wrap-anywhere"><UntrustedText text={path} />: <del className="text-failed-text"><UntrustedText text={short(before)} /></del> <ins className="text-completed-text no-underline"><UntrustedText text={short(after)} /></ins></li>
      ))}
      {changes.length > 3 && <li className="text-muted-foreground">{countOf(changes.length - 3, 'more change')}</li>}
    </ul>
  );
};

const columns: Column<ApprovalRequest>[] = [
  {
    key: 'effect',
    header: 'Request',
    cell: (request) => (
      <span className="flex min-w-0 flex-col py-1 sm:min-w-56">
        <Link to="/hitl/$requestId" params={{ requestId: request.id }} search className={rowLinkClass}><UntrustedText text={request.effect_sentence} className="line-clamp-2" /></Link>
        <span className="text-caption text-muted-foreground"><code>{request.tool_name}</code> · <UntrustedText text={request.agent_name} /></span>
      </span>
    ),
  },
  {
    key: 'outcome',
    header: 'Outcome',
    cell: ({ status, decision }) => <ApprovalStatePill status={status} decision={decision} />,
  },
  {
    key: 'decided',
    header: 'Decided',
    cell: ({ decision }) => (decision === null ? 'By nobody' : (
      <span className="flex min-w-0 flex-col">
        <UntrustedText text={decision.decided_by.name} />
        <span className={cn(aboveRowLink, 'self-start text-caption text-muted-foreground')}><RelativeTime at={decision.decided_at} /></span>
      </span>
    )),
  },
  { key: 'edits', header: 'Edited', showFrom: 'lg', cell: (request) => <Edits request={request} /> },
  { key: 'time', header: 'Time to decide', align: 'right', cell: (request) => <Duration ms={request.decision?.time_to_decide_ms ?? null} reason="nobody decided" /> },
  {
    key: 'note',
    header: 'Note',
    showFrom: 'lg',
    cell: ({ decision }) => (decision === null || decision.note === null || !isByPerson(decision) ? null : <UntrustedText text={decision.note} className="line-clamp-2 max-w-80" />),
  },
  { key: 'policy', header: 'Policy', showFrom: 'xl', cell: (request) => <code className="text-caption">{request.policy_version}</code> },
  { key: 'run', header: 'Run', showFrom: 'md', cell: ({ run_id: runId }) => <Link to="/maestro/runs/$runId" params={{ runId }} className={cn(aboveRowLink, 'text-primary underline underline-offset-4 hover:no-underline')}>{shortId(runId)}</Link> },
];

/** What was decided, newest first. Entries never change. */
export const History = ({ search, onSearch }: { search: ApprovalsSearch; onSearch: OnApprovalsSearch }) => {
  const query = useInfiniteQuery(apiPages('listApprovals', { query: historyQuery(search) }));
  const words = filterWords(search);
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      <Filters search={search} onSearch={onSearch} hasOutcome className="mb-3 grid grid-cols-2 gap-2 sm:grid-cols-[repeat(4,minmax(0,12rem))]" />
      <DataBlock
        query={query}
        what="Decisions"
        skeleton={<Skeleton className="h-96" />}
        isEmpty={() => rows.length === 0 && !query.hasNextPage}
        isFiltered={words.length > 0}
        empty={<Card><EmptyState icon={HistoryIcon} title="Nothing has been decided yet.">Decisions appear here with who made them, how fast, and what was changed.</EmptyState></Card>}
        emptyFiltered={
          <Card>
            <EmptyState icon={HistoryIcon} title="No decision matches." action={<Button variant="outline" onClick={() => onSearch(clearedFilters)}>Clear filters</Button>}>
              Filtered by {words.join(', ')}.
            </EmptyState>
          </Card>
        }
      >
        {() => (
          <>
            <DataTable rows={rows} columns={columns} rowKey={({ id }) => id} caption="Decided requests, newest first" />
            <MoreRows shown={rows.length} noun="decision" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
          </>
        )}
      </DataBlock>
    </>
  );
};
