import type { PoliciesResponse, PolicySummary } from '@contracts/policies.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { EmptyState } from '@/components/empty-state.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useGrowingCount } from '@/hooks/use-growing-count.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { countOf, formatInteger } from '@/lib/format.ts';
import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { arrangePolicies, hasPolicyFilter, noPolicyFilter } from './arrange-policies.ts';
import { PolicyFilters } from './policy-filters.tsx';
import { PolicyState } from './policy-state.tsx';

/** What becomes of a call no policy permits: nobody wrote it, so it has no state and no matches of its own. */
type Row = PolicySummary | 'unmatched';

const columns: Column<Row>[] = [
  {
    key: 'name',
    header: 'Policy',
    isSortable: true,
    cell: (row) => (
      <span className="flex min-w-0 flex-col py-1">
        <span className="flex flex-wrap items-center gap-x-2 font-medium">
          {row === 'unmatched' ? 'Everything else' : <Link to="/governance/policies/$policyId" params={{ policyId: row.id }} className={rowLinkClass}><UntrustedText text={row.name} /></Link>}
          {row !== 'unmatched' && row.is_built_in && <Badge>Built in</Badge>}
        </span>
        <span className="line-clamp-2 text-caption text-muted-foreground">{row === 'unmatched' ? 'A call that no policy permits is refused.' : <UntrustedText text={row.description} />}</span>
      </span>
    ),
  },
  { key: 'scope', header: 'Applies to', cell: (row) => (row === 'unmatched' ? <span className="text-muted-foreground">any other call</span> : <UntrustedText text={row.scope} className="line-clamp-2" />) },
  { key: 'effect', header: 'Effect', cell: (row) => <EffectPill effect={row === 'unmatched' ? 'deny' : row.effect} /> },
  {
    key: 'matches',
    header: 'Matches, 7 d',
    align: 'right',
    isSortable: true,
    cell: (row) => (row === 'unmatched' ? <span className="text-caption text-muted-foreground">always last</span> : <span className="tabular">{formatInteger(row.matches_7d)}</span>),
  },
  {
    key: 'changed',
    header: 'Last change',
    isSortable: true,
    showFrom: 'lg',
    cell: (row) =>
      row === 'unmatched' || row.changed_at === null ? <span className="text-muted-foreground">{row !== 'unmatched' && row.is_built_in ? 'shipped' : ''}</span> : (
        <span className="flex flex-col text-caption text-muted-foreground"><RelativeTime at={row.changed_at} />{row.changed_by !== null && <UntrustedText text={row.changed_by.name} />}</span>
      ),
  },
  { key: 'state', header: 'State', cell: (row) => (row === 'unmatched' ? <span className="text-caption text-muted-foreground">fixed</span> : <PolicyState policy={row} />) },
];

const Explained = () => {
  const canWrite = useCan('policies:write');
  return (
    <Card className="gap-1 p-4 text-row">
      <p className="font-medium">Only the built-in policies are in force.</p>
      <p className="text-muted-foreground">
        They let low and medium risk run, ask a person at high risk, and permit nothing critical. What you write stands beside them: a block or a question is stricter, an allow is looser.
        {canWrite && <>{' '}<Link to="/governance/policies/$policyId" params={{ policyId: 'new' }} className="text-primary underline underline-offset-4 hover:no-underline">Write the first policy</Link></>}
      </p>
    </Card>
  );
};

const List = ({ policies, search, onSearch }: { policies: PoliciesResponse; search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const shown = arrangePolicies(policies.items, search);
  const { count, endRef, grow } = useGrowingCount(shown.length, JSON.stringify([search.text, search.effect, search.state, search.sort, search.direction]));
  const rows: Row[] = [...shown.slice(0, count), ...(count === shown.length ? ['unmatched' as const] : [])];
  if (shown.length === 0) {
    return <Card><EmptyState icon={SearchX} title="No policy fits." action={<Button variant="outline" onClick={() => onSearch(noPolicyFilter)}>Clear filters</Button>}>Among {countOf(policies.items.length, 'policy', 'policies')}.</EmptyState></Card>;
  }
  return (
    <>
      <DataTable
        rows={rows}
        columns={columns}
        rowKey={(row) => (row === 'unmatched' ? row : row.id)}
        caption="Policies"
        sort={search.sort === undefined ? undefined : { column: search.sort, direction: search.direction ?? 'asc' }}
        onSort={({ column, direction }) => onSearch({ sort: column as GovernanceSearch['sort'], direction: direction === 'asc' ? undefined : direction })}
      />
      <div ref={endRef} />
      {count < shown.length && <p className="text-row text-muted-foreground">Showing {formatInteger(count)} of {formatInteger(shown.length)}. <Button variant="link" size="inline" className="text-row" onClick={grow}>Show more</Button></p>}
    </>
  );
};

/** The policies that are live or in the making, and what they stop. */
export const Policies = ({ search, onSearch }: { search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const query = useQuery(apiQuery('listPolicies'));
  return (
    <DataBlock query={query} what="Policies" skeleton={<div className="flex flex-col gap-4"><Skeleton className="h-16" /><Skeleton className="h-56" /></div>}>
      {(policies) => (
        <div className="flex flex-col gap-4">
          <p className="text-body">
            Policies have no order: a block always wins, then ask, then allow. Every call of a tool is judged by all that are live
            <span className="text-muted-foreground"> (<code>{policies.policy_version}</code>)</span> before it runs.
          </p>
          {policies.items.every((policy) => policy.is_built_in) && !hasPolicyFilter(search) && <Explained />}
          <PolicyFilters search={search} onSearch={onSearch} />
          <List policies={policies} search={search} onSearch={onSearch} />
        </div>
      )}
    </DataBlock>
  );
};
