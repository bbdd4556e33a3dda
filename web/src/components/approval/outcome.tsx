import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import { Check, CircleDashed, LoaderCircle } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { formatDuration } from '@/lib/format.ts';
import { approvalLooks } from '../approval-state-pill.tsx';
import { RelativeTime } from '../figures.tsx';
import { announce } from '../layout/live-region.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { ArgumentChanges } from './argument-changes.tsx';

type Stage = 'sending' | 'recorded' | 'taken_up';
const stages: readonly { stage: Stage; word: string }[] = [
  { stage: 'sending', word: 'Sending' },
  { stage: 'recorded', word: 'Recorded' },
  { stage: 'taken_up', word: 'Taken up by the run' },
];

/** How far a decision has come on its way to the run. */
export const DecisionStages = ({ stage }: { stage: Stage }) => {
  const current = stages.findIndex((one) => one.stage === stage);
  return (
    <ol aria-label="Where the decision is" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-caption">
      {stages.map(({ stage: one, word }, index) => {
        const isDone = index < current || (index === current && stage !== 'sending');
        const isUnderWay = !isDone && (index === current || index === current + 1) && stage !== 'taken_up';
        const Icon = isDone ? Check : isUnderWay ? LoaderCircle : CircleDashed;
        return (
          <li key={one} aria-current={index === current ? 'step' : undefined} className={isDone ? 'inline-flex items-center gap-1 font-medium' : 'inline-flex items-center gap-1 text-muted-foreground'}>
            <Icon aria-hidden className={isUnderWay ? 'size-3.5 animate-spin' : 'size-3.5'} />
            {word}
            <span className="sr-only">{isDone ? ' (done)' : ' (not yet)'}</span>
          </li>
        );
      })}
    </ol>
  );
};

const doors = { api: '', temporal_signal: ' by a Temporal signal', expiry: '', run_ended: '' };

/** The sentence of how a request ended. */
export const sentenceOfOutcome = ({ status, kind, decision }: ApprovalRequest): string => {
  const name = decision?.decided_by.name ?? 'Maestro';
  const door = decision === null ? '' : doors[decision.door];
  if (decision?.verdict === 'confirm_happened') return `${name} confirmed${door} that it happened. It is not done again.`;
  switch (status) {
    case 'approved': return kind === 'outcome_unknown' ? `${name} had it done again${door}.` : `${name} approved it${door}.`;
    case 'approved_with_edits': return `${name} approved it with edits${door}. The edited call is the one that runs.`;
    case 'rejected': return kind === 'outcome_unknown' ? `${name} gave up on it${door}.` : `${name} rejected it${door}. It was not executed.`;
    case 'expired': return 'Nobody decided in time. It counts as rejected and was not executed.';
    case 'withdrawn': return 'The run ended before anybody decided. It was not executed.';
    case 'pending': return 'Nobody has decided yet.';
  }
};

/** How a request ended: by whom, when, how fast, with which words and which edits, and whether the run has taken it up. */
export const Outcome = ({ request }: { request: ApprovalRequest }) => {
  const { decision } = request;
  const isTakenUp = (decision?.taken_up_at ?? null) !== null;
  const wasTakenUp = useRef(isTakenUp);
  // Said once, when it happens while somebody looks on; with the outcome, since it may cut off the sentence that said it.
  useEffect(() => {
    if (isTakenUp && !wasTakenUp.current) announce(`${approvalLooks[request.status].word}: ${request.tool_name}. The run has taken it up.`);
    wasTakenUp.current = isTakenUp;
  }, [isTakenUp, request.status, request.tool_name]);
  if (decision === null) return null;
  const isByPerson = decision.door === 'api' || decision.door === 'temporal_signal';
  return (
    <div className="flex flex-col gap-2">
      <p className="text-body font-medium"><UntrustedText text={sentenceOfOutcome(request)} /></p>
      <p className="text-row text-muted-foreground">
        <RelativeTime at={decision.decided_at} />, {formatDuration(decision.time_to_decide_ms)} after it was asked
      </p>
      {decision.note !== null && isByPerson && (
        <blockquote className="border-l-2 border-input pl-3 text-row">
          <p className="text-caption text-muted-foreground">{decision.verdict === 'reject' ? 'Reason, read by the agent' : 'Note'}</p>
          <UntrustedText isBlock text={decision.note} />
        </blockquote>
      )}
      {decision.edited_arguments !== null && (
        <div className="flex flex-col gap-2">
          <p className="text-caption font-medium text-muted-foreground">What the edit changed</p>
          <ArgumentChanges before={request.arguments} after={decision.edited_arguments} />
        </div>
      )}
      {isByPerson && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <DecisionStages stage={isTakenUp ? 'taken_up' : 'recorded'} />
          <Link to="/maestro/runs/$runId" params={{ runId: request.run_id }} className="text-row text-primary underline underline-offset-4 hover:no-underline">Open the run</Link>
        </div>
      )}
    </div>
  );
};
