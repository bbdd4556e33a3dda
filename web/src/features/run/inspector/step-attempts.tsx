import type { Attempt, Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DataBlock } from '@/components/data-block.tsx';
import { Duration, Money, Tokens } from '@/components/figures.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { apiQuery } from '@/lib/api-query.ts';
import { countOf, formatBytes } from '@/lib/format.ts';
import { AttemptRequest } from './attempt-request.tsx';
import { outcomeOf, wordsAfter } from './attempt-words.ts';

const lengthOf = ({ started_at: from, finished_at: to }: Attempt): number | null => (to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from)));

const AttemptItem = ({ step, attempt }: { step: Step; attempt: Attempt }) => {
  const [isOpen, setIsOpen] = useState(false);
  const after = wordsAfter(attempt);
  return (
    <li className="flex min-w-0 flex-col gap-1.5 rounded-control border bg-card p-3 text-row">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <h4 className="font-medium">Attempt {attempt.attempt}</h4>
        <span className="min-w-0 wrap-anywhere">{attempt.llm_model}</span>
        <span className="text-muted-foreground">by {attempt.llm_connection}</span>
        <Badge className={attempt.status === 'failed' ? 'bg-failed-tint text-failed-text' : ''}>{outcomeOf(attempt)}</Badge>
      </div>
      {attempt.error !== null && <p className="min-w-0"><UntrustedText text={attempt.error.message} /> <code className="text-caption text-muted-foreground">{attempt.error.code}</code></p>}
      {after !== null && <p className="font-medium">{after}</p>}
      <p className="flex flex-wrap gap-x-3 gap-y-0.5 text-caption text-muted-foreground">
        {attempt.finished_at !== null && <span>took <Duration ms={lengthOf(attempt)} /></span>}
        {attempt.first_token_ms !== null && <span>first token after <Duration ms={attempt.first_token_ms} /></span>}
        {(attempt.usage !== null || attempt.status === 'succeeded') && <span><Tokens usage={attempt.usage} /></span>}
        {(attempt.usage !== null || attempt.status === 'succeeded') && <span>cost <Money microUsd={attempt.cost_micro_usd} /></span>}
        {attempt.dropped_turns > 0 && <span>{countOf(attempt.dropped_turns, 'earlier turn')} left out</span>}
      </p>
      {attempt.request_bytes !== null && (
        <div>
          <Button variant="outline" size="small" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? 'Hide' : 'Show'} request ({formatBytes(attempt.request_bytes)})
          </Button>
        </div>
      )}
      {isOpen && <AttemptRequest runId={step.run_id} stepId={step.id} attemptId={attempt.id} />}
    </li>
  );
};

/** Each request to a model within a turn: what came of it and what followed. */
export const StepAttempts = ({ step }: { step: Step }) => {
  const query = useQuery(apiQuery('listAttempts', { params: { run_id: step.run_id, step_id: step.id } }));
  return (
    <DataBlock query={query} what="Attempts" skeleton={<Skeleton className="h-24" />} isEmpty={({ items }) => items.length === 0} empty={<p className="text-row text-muted-foreground">Nothing was asked of a model yet.</p>}>
      {({ items }) => <ol className="flex flex-col gap-2">{items.map((attempt) => <AttemptItem key={attempt.id} step={step} attempt={attempt} />)}</ol>}
    </DataBlock>
  );
};
