import type { Agent } from '@contracts/agents.ts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Duration, Money, RelativeTime, Unknown } from '@/components/figures.tsx';
import { connectionName } from '@/components/models/model-target.ts';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, formatDuration, formatInteger, formatMoney } from '@/lib/format.ts';
import { AgentTags, SuccessRate } from '../components/agent-marks.tsx';
import { cacheWords, parameterWords } from '../definition-words.ts';
import { rejectionWords } from '../form/rejection-choice.tsx';
import { LastRunsStrip } from './last-runs-strip.tsx';
import type { OnAgentSearch } from './search.ts';
import { ToolPolicyList } from './tool-policy-list.tsx';

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="flex min-w-0 flex-col gap-0.5">
    <dt className="text-caption text-muted-foreground">{term}</dt>
    <dd className="min-w-0 text-body wrap-anywhere">{children}</dd>
  </div>
);

/** Fewer samples say little about percentiles. */
const fewSamples = 20;

const Figures = ({ agent }: { agent: Agent }) => {
  // Demo runs are left out of Observability by default; this page is about one agent, so all of its runs count.
  const figures = useQuery(apiQuery('getObservability', { query: { range: '7d', agent_id: agent.id, include_demo: 'true' } }));
  const totals = figures.data?.totals;
  const reason = figures.isError ? 'the figures could not be loaded' : totals === undefined ? 'loading' : 'no run ended in the last 7 days';
  const costPerRun = totals === undefined || totals.runs === 0 || totals.cost_micro_usd === null ? null : Math.round(totals.cost_micro_usd / totals.runs);
  return (
    <dl className="grid grid-cols-2 gap-4 sm:grid-cols-3 xl:grid-cols-5">
      <Fact term="Runs, 7 days"><Link to="/maestro/runs" search={{ agent: agent.id, range: '7d' }} className="tabular text-primary underline underline-offset-4">{formatInteger(agent.stats.runs_7d)}</Link></Fact>
      <Fact term="Success, 7 days"><SuccessRate share={agent.stats.success_rate_7d} runs={agent.stats.runs_7d} /></Fact>
      <Fact term="Active time, median"><Duration ms={totals?.active_ms.p50 ?? null} reason={reason} /></Fact>
      <Fact term="Active time, p95">
        <Duration ms={totals?.active_ms.p95 ?? null} reason={reason} />
        {totals !== undefined && totals.active_ms.samples > 0 && totals.active_ms.samples < fewSamples && <span className="ml-1.5 text-caption text-muted-foreground">few data</span>}
      </Fact>
      <Fact term="Cost per run">
        {totals !== undefined && totals.runs > 0 && totals.cost_micro_usd === null ? <Unknown reason="the price of a model used here is not known" /> : <Money microUsd={costPerRun} reason={reason} />}
      </Fact>
    </dl>
  );
};

/** What the agent does and with which powers, and how its last runs went. */
export const OverviewTab = ({ agent, onSearch }: { agent: Agent; onSearch: OnAgentSearch }) => {
  const { limits } = agent;
  const connections = useQuery(apiQuery('listModels')).data?.items;
  const settings: [string, string][] = [
    ...(agent.max_output_tokens === null ? [] : [['Longest answer', countOf(agent.max_output_tokens, 'token')] as [string, string]]),
    ...(agent.temperature === null ? [] : [['Temperature', String(agent.temperature)] as [string, string]]),
    ...parameterWords(agent.parameters),
  ];
  return (
    <div className="flex flex-col gap-4">
      <Card>
        <CardContent className="flex flex-col gap-4">
          <Figures agent={agent} />
          <LastRunsStrip agent={agent} />
        </CardContent>
      </Card>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card>
          <CardHeader><CardTitle>What it is</CardTitle></CardHeader>
          <CardContent>
            <dl className="flex flex-col gap-3">
              <Fact term="Purpose"><span className="whitespace-pre-wrap">{agent.purpose}</span></Fact>
              <Fact term="Model">
                {agent.llm_model} <span className="text-muted-foreground">· {connectionName(connections, agent)}</span>
                {agent.llm_provider === 'scripted' && <span className="mt-1 flex flex-wrap items-center gap-2 text-row text-muted-foreground"><Badge>Scripted</Badge>No model is called: the answers follow a script.</span>}
              </Fact>
              {agent.fallbacks.length > 0 && (
                <Fact term="Fallbacks, in order">
                  <ol className="list-inside list-decimal">
                    {agent.fallbacks.map((target, place) => <li key={place}>{target.llm_model} <span className="text-muted-foreground">· {connectionName(connections, target)}</span></li>)}
                  </ol>
                </Fact>
              )}
              <Fact term="Instructions">{agent.instructions.trim() === '' ? <span className="text-muted-foreground">none</span> : <span className="block max-h-64 overflow-y-auto whitespace-pre-wrap" tabIndex={0} role="region" aria-label="Instructions">{agent.instructions}</span>}</Fact>
              {agent.tags.length > 0 && <Fact term="Tags"><AgentTags tags={agent.tags} /></Fact>}
              <Fact term="Limits of each run">
                {limits.max_iterations} iterations · {formatInteger(limits.max_tokens)} tokens · {limits.max_cost_micro_usd === null ? 'no cost limit' : formatMoney(limits.max_cost_micro_usd)} · {formatDuration(limits.max_duration_seconds * 1000)}
              </Fact>
              {settings.length > 0 && <Fact term="How the model answers">{settings.map(([label, value]) => `${label}: ${value}`).join(' · ')}</Fact>}
              {agent.output_schema !== null && <Fact term="Output schema"><pre tabIndex={0} role="region" aria-label="Output schema" className="max-h-64 overflow-auto rounded-control bg-muted p-2 text-caption whitespace-pre-wrap">{JSON.stringify(agent.output_schema, null, 2)}</pre></Fact>}
              {agent.cache_policy.mode === 'on' && <Fact term="Answer cache">{cacheWords(agent.cache_policy)}</Fact>}
              <Fact term="When a person rejects a call">{rejectionWords[agent.on_rejection].word}</Fact>
              <Fact term="Created"><RelativeTime at={agent.created_at} />{agent.created_by !== null && ` by ${agent.created_by}`}{agent.version > 1 && <> · changed <RelativeTime at={agent.updated_at} /></>}</Fact>
            </dl>
          </CardContent>
        </Card>
        <Card>
          <CardHeader>
            <CardTitle>Powers</CardTitle>
            <Button variant="link" size="inline" className="text-row" onClick={() => onSearch({ tab: 'tools' })}>Tools & policy</Button>
          </CardHeader>
          <CardContent><ToolPolicyList agent={agent} /></CardContent>
        </Card>
      </div>
    </div>
  );
};
