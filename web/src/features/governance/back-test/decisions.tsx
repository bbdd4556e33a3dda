import type { MatchedRule } from '@contracts/approvals.ts';
import type { BackTest, BackTestDecision } from '@contracts/back-tests.ts';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight } from 'lucide-react';
import { DataBlock } from '@/components/data-block.tsx';
import { type Column, DataTable, rowLinkClass } from '@/components/data-table/data-table.tsx';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { RelativeTime, Unknown } from '@/components/figures.tsx';
import { RiskChip } from '@/components/risk-chip.tsx';
import { pillClass } from '@/components/state-pill.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiPages } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { EffectPill } from '@/components/policies/effect-pill.tsx';
import type { GovernanceSearch } from '../search.ts';
import { outcomeLooks } from './outcome-looks.ts';

const OutcomePill = ({ outcome }: { outcome: BackTestDecision['outcome'] }) => {
  const { word, icon: Icon, tint } = outcomeLooks[outcome];
  return <span data-slot="pill" className={cn(pillClass, tint)}><Icon aria-hidden className="size-3.5" />{word}</span>;
};

const Verdict = ({ verdict }: { verdict: BackTestDecision['live_verdict'] }) => (verdict === null ? <Unknown reason="it cannot be judged anew" /> : <EffectPill effect={verdict} />);

/** Policies that decided, by name; what they say on a line of its own. */
const Rules = ({ whose, rules }: { whose: string; rules: MatchedRule[] }) =>
  rules.length > 0 && (
    <p className="min-w-0 text-caption">
      <span className="text-muted-foreground">{whose}: </span>
      {rules.map(({ id, name, description }, index) => <span key={id} title={description}>{index > 0 && ', '}<UntrustedText text={name ?? id} /></span>)}
    </p>
  );

const columns: Column<BackTestDecision>[] = [
  {
    key: 'call',
    header: 'Call',
    cell: (decision) => (
      <span className="flex min-w-0 flex-col items-start gap-1 py-1.5">
        <Link to="/maestro/runs/$runId" params={{ runId: decision.run_id }} search={decision.step_id === null ? {} : { step: decision.step_id }} className={rowLinkClass}>
          <code>{decision.tool_name}</code><span className="sr-only">, see the step of its run</span>
        </Link>
        <span className="text-caption text-muted-foreground">
          {decision.agent_name === null ? 'an agent that is gone' : <UntrustedText text={decision.agent_name} />} · <RelativeTime at={decision.at} />
        </span>
      </span>
    ),
  },
  { key: 'outcome', header: 'Outcome', cell: ({ outcome }) => <OutcomePill outcome={outcome} /> },
  { key: 'risk', header: 'Risk', cell: ({ risk_level: risk }) => <RiskChip risk={risk} />, showFrom: 'lg' },
  { key: 'recorded', header: 'Recorded', cell: ({ recorded_verdict: verdict }) => <EffectPill effect={verdict} />, showFrom: 'md' },
  {
    key: 'verdicts',
    header: 'Live → draft',
    cell: ({ live_verdict: live, draft_verdict: draft }) => (
      <span className="flex items-center gap-1"><Verdict verdict={live} /><ArrowRight aria-hidden className="size-4 text-muted-foreground" /><span className="sr-only">would become</span><Verdict verdict={draft} />
        {live === 'ask' && draft === 'ask' && <span className="text-caption text-muted-foreground">on other terms</span>}
      </span>
    ),
  },
  {
    key: 'why',
    header: 'Decided by',
    cell: ({ live_rules: live, draft_rules: draft, missing_facts: missing }) => (
      <span className="flex min-w-0 flex-col gap-0.5 py-1.5 whitespace-normal">
        <Rules whose="Draft" rules={draft} />
        <Rules whose="Live" rules={live} />
        {missing.length > 0 && <span className="text-caption text-failed-text">Not recorded: {missing.map((fact, index) => <span key={fact}>{index > 0 && ', '}<code>{fact}</code></span>)}</span>}
      </span>
    ),
  },
];

/** The decisions that would change or cannot be judged anew, looser ones first, page by page. */
export const Decisions = ({ backTest, outcome }: { backTest: BackTest; outcome: GovernanceSearch['outcome'] }) => {
  const query = useInfiniteQuery(apiPages('listBackTestDecisions', { params: { id: backTest.id }, query: outcome === undefined ? {} : { outcome } }));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <DataBlock
      query={query}
      what="Changed decisions"
      skeleton={<Skeleton className="h-40" />}
      isEmpty={() => rows.length === 0}
      empty={<p className="text-row text-muted-foreground">{outcome === undefined ? 'No decision changes, and each could be judged anew.' : `None is: ${outcomeLooks[outcome].word.toLowerCase()}.`}</p>}
    >
      {() => (
        <>
          <DataTable rows={rows} columns={columns} rowKey={({ decision_id: id }) => id} caption="Decisions that change or cannot be replayed" />
          <MoreRows shown={rows.length} noun="decision" hasMore={query.hasNextPage} isLoading={query.isFetchingNextPage} onMore={() => void query.fetchNextPage()} />
        </>
      )}
    </DataBlock>
  );
};
