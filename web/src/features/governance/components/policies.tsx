import type { PoliciesResponse, PolicyRule } from '@contracts/system.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable } from '@/components/data-table/data-table.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { formatDuration, formatInteger } from '@/lib/format.ts';
import { EffectPill } from './effect-pill.tsx';

/** What becomes of a call no rule matches: not a rule anybody wrote, so it has no matches of its own to count. */
const unmatched = 'unmatched';
type Row = Pick<PolicyRule, 'id' | 'name' | 'description' | 'effect' | 'risk_levels' | 'is_built_in'> & { matches_7d: number | null };
const unmatchedRow: Row = { id: unmatched, name: 'Everything else', description: 'A call no rule matches is treated as CRITICAL and blocked.', effect: 'deny', risk_levels: [], is_built_in: true, matches_7d: null };

const columns: Column<Row>[] = [
  {
    key: 'name',
    header: 'Rule',
    cell: (rule) => (
      <span className="flex min-w-0 flex-col py-1">
        <span className="flex flex-wrap items-center gap-2 font-medium">
          <UntrustedText text={rule.name} />
          {rule.is_built_in && rule.id !== unmatched && <Badge>Built in</Badge>}
        </span>
        <span className="text-caption text-muted-foreground"><UntrustedText text={rule.description} /></span>
      </span>
    ),
  },
  {
    key: 'scope',
    header: 'Applies to',
    cell: (rule) => (
      <span className="flex flex-wrap gap-1.5">
        {rule.risk_levels.length === 0 ? <span className="text-muted-foreground">any other call</span> : rule.risk_levels.map((risk) => <RiskChip key={risk} risk={risk} />)}
      </span>
    ),
  },
  { key: 'effect', header: 'Effect', cell: (rule) => <EffectPill effect={rule.effect} /> },
  { key: 'matches', header: 'Matches, 7 days', align: 'right', cell: (rule) => (rule.matches_7d === null ? <span className="text-caption text-muted-foreground">always last</span> : <span className="tabular">{formatInteger(rule.matches_7d)}</span>) },
];

/** The strictest first, since it wins. */
const order = { deny: 0, ask: 1, allow: 2 };

const Terms = ({ policy }: { policy: PoliciesResponse }) => (
  <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-row sm:grid-cols-[repeat(3,auto_auto)] sm:justify-start">
    <dt className="text-muted-foreground">Live version</dt>
    <dd><code>{policy.policy_version}</code></dd>
    <dt className="text-muted-foreground">An approval waits</dt>
    <dd>{policy.approval_expiry_seconds === null ? 'until somebody decides' : `${formatDuration(policy.approval_expiry_seconds * 1000)}, then it counts as rejected`}</dd>
    <dt className="text-muted-foreground">Approving own runs</dt>
    <dd>{policy.forbids_self_approval ? 'not allowed' : 'allowed'}</dd>
  </dl>
);

/** The rules that are live and what they stop. */
export const Policies = () => {
  const query = useQuery(apiQuery('listPolicies'));
  return (
    <DataBlock query={query} what="Policies" skeleton={<div className="flex flex-col gap-4"><Skeleton className="h-16" /><Skeleton className="h-56" /></div>}>
      {(policy) => (
        <div className="flex flex-col gap-4">
          <p className="max-w-prose text-body">
            Every call of a tool is judged by these rules before it runs. They have no order: a block always wins, then ask, then allow. <em>Ask</em> stops the call until a person decides under{' '}
            <Link to="/hitl" className="text-primary underline underline-offset-4 hover:no-underline">Approvals</Link>.
          </p>
          <Terms policy={policy} />
          <DataTable rows={[...policy.items.toSorted((a, b) => order[a.effect] - order[b.effect]), unmatchedRow]} columns={columns} rowKey={({ id }) => id} caption="Rules of the live policy" />
        </div>
      )}
    </DataBlock>
  );
};
