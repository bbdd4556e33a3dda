import type { PolicySetEntry } from '@contracts/policies.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { History } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { formatAbsoluteTime } from '@/lib/format.ts';

/** A set with the moment another one took its place; null: in force now. */
type Row = PolicySetEntry & { until: string | null };

const changeWords = ({ changed }: PolicySetEntry): string => {
  if (changed.to_version === null) return `turned off (was version ${changed.from_version})`;
  if (changed.from_version === null) return `went live as version ${changed.to_version}`;
  return `version ${changed.from_version} → ${changed.to_version}`;
};

const columns: Column<Row>[] = [
  {
    key: 'policy',
    header: 'What changed',
    cell: (row) => (
      <span className="flex min-w-0 flex-col py-1">
        <Link to="/governance/policies/$policyId" params={{ policyId: row.changed.policy_id }} search={{ view: 'versions', version: row.changed.to_version ?? row.changed.from_version ?? undefined }} className="font-medium text-primary underline underline-offset-4 hover:no-underline">
          <UntrustedText text={row.changed.name} />
        </Link>
        <span className="text-caption text-muted-foreground">{changeWords(row)}</span>
      </span>
    ),
  },
  { key: 'note', header: 'Note', cell: (row) => <UntrustedText text={row.note} className="line-clamp-3" /> },
  { key: 'who', header: 'By', cell: (row) => <UntrustedText text={row.created_by.name} /> },
  {
    key: 'time',
    header: 'In force',
    cell: (row) => (
      <span className="flex flex-col gap-0.5 text-caption">
        <span>from {formatAbsoluteTime(row.created_at)}</span>
        {row.until === null ? <Badge className="self-start bg-completed-tint text-completed-text">in force now</Badge> : <span className="text-muted-foreground">to {formatAbsoluteTime(row.until)}</span>}
      </span>
    ),
  },
  { key: 'set', header: 'Set', showFrom: 'lg', cell: (row) => <code className="text-caption wrap-anywhere">{row.policy_version}</code> },
  { key: 'age', header: 'Age', showFrom: 'xl', cell: (row) => <RelativeTime at={row.created_at} className="text-muted-foreground" /> },
];

/** What was in force when: every state all live policies together had, newest first. */
export const PolicySets = () => {
  const query = useInfiniteQuery(apiPages('listPolicySets'));
  const sets = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const rows = sets.map((set, index): Row => ({ ...set, until: sets[index - 1]?.created_at ?? null }));
  return (
    <DataBlock
      query={query}
      what="Sets of policies"
      skeleton={<Skeleton className="h-56" />}
      isEmpty={() => rows.length === 0}
      empty={<Card><EmptyState icon={History} title="Only the built-in policies were ever in force.">Each time a policy goes live, is rolled back or is turned off, the new set of all live policies stands here with who, when and why.</EmptyState></Card>}
    >
      {() => (
        <div className="flex flex-col gap-3">
          <p className="text-body">Every verdict names the set it was given by. A set is never changed: each change of a live policy makes a new one.</p>
          <DataTable rows={rows} columns={columns} rowKey={(row) => row.policy_version} caption="What was in force when, newest first" />
          <MoreRows shown={rows.length} noun="set" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </div>
      )}
    </DataBlock>
  );
};
