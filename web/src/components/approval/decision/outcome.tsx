import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { formatDuration } from '@/lib/format.ts';
import { wordOf } from '../../approval-state-pill.tsx';
import { RelativeTime } from '../../figures.tsx';
import { announce } from '../../layout/live-region.tsx';
import { UntrustedText } from '../../untrusted-text.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { DecisionStages } from './decision-stages.tsx';
import { isByPerson } from './is-by-person.ts';
import { LongText } from '../arguments/long-text.tsx';
import { RawJson } from '../arguments/raw-json.tsx';
import { Votes } from '../terms/terms-view.tsx';

// Most calls run as they were proposed.
const ArgumentChanges = lazy(() => import('../arguments/argument-changes.tsx').then((module) => ({ default: module.ArgumentChanges })));

const doors = { api: '', bulk: ' together with others', temporal_signal: ' by a Temporal signal', expiry: '', run_ended: '' };

/** The sentence of how a request ended. */
export const sentenceOfOutcome = ({ status, kind, decision }: ApprovalRequest): string => {
  const name = decision?.decided_by.name ?? 'Maestro';
  const door = decision === null ? '' : doors[decision.door];
  if (decision?.verdict === 'answer') return `${name} answered${door}.`;
  if (decision?.verdict === 'provide_result') return `${name} did it by hand and gave the result${door}. The call itself was not executed.`;
  if (decision?.verdict === 'confirm_happened') return `${name} confirmed${door} that it happened. It is not done again.`;
  switch (status) {
    case 'approved': return kind === 'outcome_unknown' ? `${name} had it done again${door}.` : `${name} approved it${door}.`;
    case 'approved_with_edits': return `${name} approved it with edits${door}. The edited call is the one that runs.`;
    case 'rejected': return kind === 'outcome_unknown' ? `${name} gave up on it${door}.` : kind === 'question' ? `${name} did not answer${door}.` : `${name} rejected it${door}. It was not executed.`;
    case 'expired': return 'Nobody decided in time. It counts as rejected and was not executed.';
    case 'withdrawn': return 'The run ended before anybody decided. It was not executed.';
    case 'pending': return 'Nobody has decided yet.';
  }
};

/** How a request ended: by whom, when, how fast, with which words and which edits, and whether the run has taken it up. */
export const Outcome = ({ request }: { request: ApprovalRequest }) => {
  const { decision } = request;
  const isTakenUp = (decision?.taken_up_at ?? null) !== null;
  const word = wordOf(request);
  const wasTakenUp = useRef(isTakenUp);
  // Said once, when it happens while somebody looks on; with the outcome, since it may cut off the sentence that said it.
  useEffect(() => {
    if (isTakenUp && !wasTakenUp.current) announce(`${word}: ${request.tool_name}. The run has taken it up.`);
    wasTakenUp.current = isTakenUp;
  }, [isTakenUp, word, request.tool_name]);
  if (decision === null) return null;
  const original = request.original_arguments ?? request.arguments;
  const executed = decision.edited_arguments ?? (request.original_arguments === null ? null : request.arguments);
  const hasDecider = isByPerson(decision);
  return (
    <div className="flex flex-col gap-2">
      <p className="text-body font-medium"><UntrustedText text={sentenceOfOutcome(request)} /></p>
      <p className="text-row text-muted-foreground">
        <RelativeTime at={decision.decided_at} />, {formatDuration(decision.time_to_decide_ms)} after it was asked
      </p>
      {decision.note !== null && hasDecider && (
        <blockquote className="border-l-2 border-input pl-3 text-row">
          <p className="text-caption text-muted-foreground">{decision.verdict === 'reject' ? 'Reason, read by the agent' : 'Note'}</p>
          <UntrustedText isBlock text={decision.note} />
        </blockquote>
      )}
      {decision.result !== null && (
        <div className="flex flex-col gap-1">
          <p className="text-caption font-medium text-muted-foreground">{decision.verdict === 'answer' ? 'Answer, read by the agent' : 'Result, read by the agent'}</p>
          {typeof decision.result === 'string' ? <LongText text={decision.result} label="the result" /> : <RawJson value={decision.result} label="result as JSON" />}
        </div>
      )}
      {request.votes.length > 1 && (
        <div className="flex flex-col gap-1">
          <p className="text-caption font-medium text-muted-foreground">Approved by</p>
          <div className="text-row"><Votes votes={request.votes} /></div>
        </div>
      )}
      {executed !== null && original !== executed && (
        <div className="flex flex-col gap-2">
          <p className="text-caption font-medium text-muted-foreground">What the edit changed</p>
          <Suspense fallback={<Skeleton className="h-24" />}><ArgumentChanges before={original} after={executed} /></Suspense>
        </div>
      )}
      {hasDecider && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <DecisionStages stage={isTakenUp ? 'taken_up' : 'recorded'} />
          <Link to="/maestro/runs/$runId" params={{ runId: request.run_id }} className="text-row text-primary underline underline-offset-4 hover:no-underline">Open the run</Link>
        </div>
      )}
    </div>
  );
};
