import type { ApprovalDetails, ApprovalRequest } from '@contracts/approvals.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { countOf, formatAbsoluteTime, formatInteger, formatMoney, formatTimeOfDay, humanize, shortId } from '@/lib/format.ts';
import { approvalLooks } from '../approval-state-pill.tsx';
import { RelativeTime } from '../figures.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { UntrustedText } from '../untrusted-text.tsx';
import { LongText } from './arguments/long-text.tsx';

const linkClass = 'text-primary underline underline-offset-4 hover:no-underline';

const Row = ({ term, children }: { term: string; children: ReactNode }) => (
  <>
    <dt className="text-caption font-medium text-muted-foreground">{term}</dt>
    <dd className="min-w-0">{children}</dd>
  </>
);

/** What was decided on calls like this one, so that a second try after a rejection is seen as one. */
const AskedBefore = ({ similar }: Pick<ApprovalDetails, 'similar'>) => (
  <>
    Asked {countOf(similar.asked_before, 'time')} before
    {similar.last.length > 0 && (
      <>
        :{' '}
        {similar.last.map((one, index) => (
          <span key={one.id}>
            {index > 0 && ', '}
            <Link to="/hitl/$requestId" params={{ requestId: one.id }} className={linkClass} title={one.effect_sentence}>
              {approvalLooks[one.status].word.toLowerCase()} at <time dateTime={one.decided_at} title={formatAbsoluteTime(one.decided_at)}>{formatTimeOfDay(one.decided_at)}</time>
            </Link>
            {' '}by <UntrustedText text={one.decided_by} />
            {one.is_same_arguments && ', the very same call'}
            {one.note !== null && one.note !== '' && <>: “<UntrustedText text={one.note.length > 200 ? `${one.note.slice(0, 200)}…` : one.note} />”</>}
          </span>
        ))}
      </>
    )}
    {similar.asked_before > similar.last.length && <span className="text-muted-foreground"> ({formatInteger(similar.approved)} approved, {formatInteger(similar.rejected)} rejected)</span>}
  </>
);

const LastSteps = ({ steps, runId }: { steps: ApprovalDetails['last_steps']; runId: string }) => (
  <ol className="flex flex-col gap-0.5">
    {steps.map((step) => (
      <li key={step.step_id} className="min-w-0">
        <Link to="/maestro/runs/$runId" params={{ runId }} search={{ step: step.step_id }} className={linkClass}>{step.tool_name ?? humanize(step.kind)}</Link>
        <span className="text-muted-foreground"> · {humanize(step.status).toLowerCase()}, iteration {step.iteration}</span>
        {step.summary !== null && step.summary !== '' && <>: <UntrustedText text={step.summary.length > 240 ? `${step.summary.slice(0, 240)}…` : step.summary} /></>}
      </li>
    ))}
  </ol>
);

/** What is left of the run's limits: "$0.42 of $1.00, 3 of 10 iterations". */
const wordsOfBudget = ({ cost_micro_usd: cost, max_cost_micro_usd: maxCost, tokens, max_tokens: maxTokens, iterations, max_iterations: maxIterations }: ApprovalDetails['budget']): string =>
  [
    maxCost === null ? undefined : cost === null ? `cost not known, at most ${formatMoney(maxCost)}` : `${formatMoney(Math.max(0, maxCost - cost))} of ${formatMoney(maxCost)}`,
    maxTokens === null ? undefined : `${formatInteger(Math.max(0, maxTokens - tokens))} of ${formatInteger(maxTokens)} tokens`,
    `${Math.max(0, maxIterations - iterations)} of ${countOf(maxIterations, 'iteration')}`,
  ].filter((word) => word !== undefined).join(', ');

/** Where a request comes from: goal, agent, who started the run, what it did last, what it may still spend. `details` undefined: still read. */
export const ApprovalContext = ({ request, details }: { request: ApprovalRequest; details: ApprovalDetails | undefined }) => (
  <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-baseline gap-x-3 gap-y-1.5 text-row">
    <Row term="Goal">{request.goal.length > 400 ? <LongText text={request.goal} label="goal" /> : <UntrustedText text={request.goal} />}</Row>
    <Row term="Agent"><Link to="/maestro/agents/$agentId" params={{ agentId: request.agent_id }} className={linkClass}><UntrustedText text={request.agent_name} /></Link></Row>
    <Row term="Started by">{request.started_by === null ? 'Nobody is recorded' : <UntrustedText text={request.started_by} />}</Row>
    <Row term="Run"><Link to="/maestro/runs/$runId" params={{ runId: request.run_id }} className={linkClass}>Run {shortId(request.run_id)}</Link>, iteration {request.iteration}</Row>
    <Row term="Asked"><RelativeTime at={request.requested_at} /></Row>
    {details === undefined ? <Row term="Before it"><Skeleton className="h-16" /></Row> : (
      <>
        {details.last_steps.length > 0 && <Row term="Before it"><LastSteps steps={details.last_steps} runId={request.run_id} /></Row>}
        <Row term="Left to spend">{wordsOfBudget(details.budget)}, until <time dateTime={details.budget.deadline_at} title={formatAbsoluteTime(details.budget.deadline_at)}>{formatTimeOfDay(details.budget.deadline_at)}</time></Row>
        <Row term="Like it">{details.similar.asked_before === 0 ? 'Never asked before' : <AskedBefore similar={details.similar} />}</Row>
      </>
    )}
  </dl>
);
