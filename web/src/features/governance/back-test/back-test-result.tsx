import { type BackTest, type BackTestOutcome, backTestOutcomes } from '@contracts/back-tests.ts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleStop, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { CopyButton } from '@/components/copy-button.tsx';
import { DataBlock } from '@/components/data-block.tsx';
import { RelativeTime } from '@/components/figures.tsx';
import { StatePill } from '@/components/state-pill.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Card, CardContent, CardHeader, CardTitle } from '@/components/ui/card.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { api } from '@/lib/api-client.ts';
import { sentenceOf } from '@/lib/api-error.ts';
import { apiQuery, apiQueryKey } from '@/lib/api-query.ts';
import { useCan } from '@/lib/auth.tsx';
import { cn } from '@/lib/cn.ts';
import { countOf, formatAbsoluteTime, formatInteger, formatShare, unknownMark } from '@/lib/format.ts';
import type { GovernanceSearch, OnGovernanceSearch } from '../search.ts';
import { CedarText } from './cedar-text.tsx';
import { Decisions } from './decisions.tsx';
import { outcomeLooks, resultSentence } from './outcome-looks.ts';

/** While it runs it is also asked for: its events may be late or lost. */
const pollMs = 2_000;

const Progress = ({ done, total }: { done: number; total: number }) => {
  const share = total === 0 ? 0 : done / total;
  return (
    <div role="progressbar" aria-label="Decisions judged anew" aria-valuemin={0} aria-valuemax={total} aria-valuenow={done} className="h-2 overflow-hidden rounded-full bg-muted">
      <div className="h-full bg-running-solid" style={{ width: `${share * 100}%` }} />
    </div>
  );
};

const Count = ({ outcome, backTest, isChosen, onChosen }: { outcome: BackTestOutcome; backTest: BackTest; isChosen: boolean; onChosen: (() => void) | undefined }) => {
  const { word, meaning, icon: Icon, tint } = outcomeLooks[outcome];
  const count = backTest.counts[outcome];
  const body = (
    <>
      <span className="flex items-center gap-1.5 text-row font-medium"><Icon aria-hidden className="size-4" />{word}</span>
      <span className="tabular text-headline font-semibold">{formatInteger(count)}</span>
      <span className="text-caption">{backTest.done === 0 ? unknownMark : formatShare(count / backTest.done)} of {countOf(backTest.done, 'decision')}</span>
      <span className="text-caption">{meaning}</span>
    </>
  );
  const className = cn('flex min-w-0 flex-col items-start gap-0.5 rounded-card border p-3 text-left', count > 0 ? tint : 'bg-card text-muted-foreground');
  if (onChosen === undefined) return <div className={className}>{body}</div>;
  return <button type="button" aria-pressed={isChosen} onClick={onChosen} className={cn(className, 'hover:border-input', isChosen && 'outline-2 outline-offset-1 outline-ring')}>{body}</button>;
};

/** Whether the policy's draft still is what was tested. */
const Standing = ({ backTest }: { backTest: BackTest }) => {
  const policy = useQuery({ ...apiQuery('getPolicy', { params: { id: backTest.policy_id ?? '' } }), enabled: backTest.policy_id !== null });
  const draft = policy.data?.draft;
  if (draft === undefined || draft === null) return null;
  return <p className="text-row text-muted-foreground">{draft.cedar_hash === backTest.cedar_hash ? 'This is the draft as it stands now.' : 'The draft has been changed since: back-test it again before it goes live.'}</p>;
};

const Facts = ({ backTest }: { backTest: BackTest }) => {
  const facts: [string, ReactNode][] = [
    ['Range', `${formatAbsoluteTime(backTest.from)} to ${formatAbsoluteTime(backTest.to)}`],
    ['Agents', backTest.agent_ids.length === 0 ? 'every agent' : countOf(backTest.agent_ids.length, 'agent')],
    ['Compared with', <code key="version">{backTest.policy_version}</code>],
    ['Started', <><RelativeTime at={backTest.created_at} /> by <UntrustedText text={backTest.created_by.name} /></>],
  ];
  return (
    <dl className="grid gap-x-4 gap-y-1 text-row sm:grid-cols-[auto_minmax(0,1fr)]">
      {facts.map(([term, fact]) => <div key={term} className="flex flex-col sm:contents"><dt className="text-muted-foreground">{term}</dt><dd>{fact}</dd></div>)}
    </dl>
  );
};

const Actions = ({ backTest, onSearch }: { backTest: BackTest; onSearch: OnGovernanceSearch }) => {
  const client = useQueryClient();
  const canWrite = useCan('policies:write');
  const cancel = useMutation({
    mutationFn: () => api.call('cancelBackTest', { params: { id: backTest.id } }),
    onSuccess: (answer) => client.setQueryData(apiQueryKey('getBackTest', { params: { id: backTest.id } }), answer),
    onError: (error) => toast.error('The back-test could not be stopped', { description: sentenceOf(error), duration: Number.POSITIVE_INFINITY }),
  });
  return (
    <div className="flex flex-wrap items-center gap-2">
      <CopyButton text={window.location.href} label="Copy link to this back-test" />
      {backTest.status === 'running' && canWrite && <Button variant="outline" size="small" isBusy={cancel.isPending} onClick={() => cancel.mutate()}>{!cancel.isPending && <CircleStop aria-hidden />}Cancel</Button>}
      {backTest.policy_id !== null && <Button asChild variant="outline" size="small"><Link to="/governance/policies/$policyId" params={{ policyId: backTest.policy_id }}>Open policy</Link></Button>}
      <Button variant="outline" size="small" onClick={() => onSearch({ back_test: undefined, outcome: undefined, policy: backTest.policy_id ?? undefined })}><Plus aria-hidden />{canWrite ? 'New back-test' : 'All back-tests'}</Button>
    </div>
  );
};

/** One back-test: how far it is, what it found, and each decision it would change. */
export const BackTestResult = ({ id, search, onSearch }: { id: string; search: GovernanceSearch; onSearch: OnGovernanceSearch }) => {
  const query = useQuery({ ...apiQuery('getBackTest', { params: { id } }), refetchInterval: ({ state }) => (state.data?.status === 'running' ? pollMs : false) });
  return (
    <DataBlock query={query} what="The back-test" skeleton={<Skeleton className="h-80" />}>
      {(backTest) => (
        <Card aria-labelledby="back-test-title">
          <CardHeader>
            <div className="flex min-w-0 flex-wrap items-center gap-2">
              <CardTitle id="back-test-title" className="min-w-0"><UntrustedText text={backTest.policy_name ?? 'A draft'} /></CardTitle>
              <StatePill phase={backTest.status} />
            </div>
            <Actions backTest={backTest} onSearch={onSearch} />
          </CardHeader>
          <CardContent className="flex flex-col gap-4">
            <div className="flex flex-col gap-2">
              <p role="status" className={cn('text-body font-medium', backTest.status === 'failed' && 'text-failed-text')}>{resultSentence(backTest)}</p>
              {backTest.status === 'running' && <Progress done={backTest.done} total={backTest.total} />}
              <Standing backTest={backTest} />
            </div>
            {backTest.done > 0 && (
              <div role="group" aria-label="Outcomes" className="grid grid-cols-2 gap-2 lg:grid-cols-4">
                {backTestOutcomes.map((outcome) => (
                  <Count
                    key={outcome} outcome={outcome} backTest={backTest} isChosen={search.outcome === outcome}
                    onChosen={outcome === 'unchanged' ? undefined : () => onSearch({ outcome: search.outcome === outcome ? undefined : outcome })}
                  />
                ))}
              </div>
            )}
            <Facts backTest={backTest} />
            <CedarText cedar={backTest.cedar} />
            {backTest.done > 0 && <Decisions backTest={backTest} outcome={search.outcome} />}
          </CardContent>
        </Card>
      )}
    </DataBlock>
  );
};
