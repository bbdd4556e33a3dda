import type { ApprovalRequest } from '@contracts/approvals.ts';
import { isTerminal, type Run, type Step } from '@contracts/runs.ts';
import { CircleCheck, CirclePause, Download } from 'lucide-react';
import { lazy, type ReactNode, Suspense } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { phaseLooks } from '@/components/state-pill.tsx';
import { stepName } from '@/components/trace/step-status.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { Button } from '@/components/ui/button.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { describeFailure, limitMet } from '../failure.ts';
import { saveJson } from '../save-json.ts';

// Most runs that are looked at wait for nobody.
const HITLApprovalCard = lazy(() => import('@/components/approval/approval-card.tsx').then((module) => ({ default: module.HITLApprovalCard })));

const Frame = ({ title, tint, icon, children }: { title: string; tint: string; icon: ReactNode; children?: ReactNode }) => (
  <section aria-label={title} className={cn('mb-4 flex gap-3 rounded-card p-4 max-sm:p-3', tint)}>
    {icon}
    <div className="flex min-w-0 flex-1 flex-col gap-2">
      <h2 className="text-body font-semibold">{title}</h2>
      {children}
    </div>
  </section>
);

/** The step an ending belongs to: the one it names, else the last one that was open. */
const stepOfEnd = (run: Run, steps: readonly Step[]): Step | undefined =>
  steps.find((step) => step.id === run.error?.step_id) ?? steps.findLast((step) => step.status === 'failed' || step.status === 'cancelled');

const Where = ({ step, label, onOpen }: { step: Step | undefined; label: string; onOpen: (stepId: string) => void }) =>
  step === undefined ? null : (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-row">
      <span>
        At iteration {step.iteration}, {stepName(step)}
        {step.attempt > 1 && `, attempt ${step.attempt}`}
      </span>
      <Button variant="outline" size="small" onClick={() => onOpen(step.id)}>{label}</Button>
    </div>
  );

const Failed = ({ run, steps, onOpen }: { run: Run; steps: readonly Step[]; onOpen: (stepId: string) => void }) => {
  const { icon: Icon } = phaseLooks.failed;
  const failure = run.error === null ? null : describeFailure(run.error);
  return (
    <Frame title="This run failed" tint="bg-failed-tint text-failed-text" icon={<Icon aria-hidden className="size-5 shrink-0" />}>
      <UntrustedText isBlock text={run.error?.message ?? 'No reason was recorded.'} className="text-body" />
      {run.error !== null && (
        <p className="flex flex-wrap items-center gap-2 text-row">
          <code>{run.error.code}</code>
          {failure?.isRetryable === true ? <Badge>May work when run again</Badge> : null}
        </p>
      )}
      {failure?.fix != null && <p className="text-row"><strong>Likely fix:</strong> {failure.fix}</p>}
      <Where step={stepOfEnd(run, steps)} label="Go to failing step" onOpen={onOpen} />
    </Frame>
  );
};

const Stopped = ({ run, steps, onOpen }: { run: Run; steps: readonly Step[]; onOpen: (stepId: string) => void }) => {
  const isTimedOut = run.status === 'timed_out';
  const { icon: Icon } = phaseLooks[run.status];
  const limit = run.error === null ? null : limitMet(run.error.code);
  return (
    <Frame
      title={isTimedOut ? `This run met its ${limit ?? 'limit'}` : 'This run was cancelled'}
      tint={isTimedOut ? 'bg-timed-out-tint text-timed-out-text' : 'bg-queued-tint text-queued-text'}
      icon={<Icon aria-hidden className="size-5 shrink-0" />}
    >
      <UntrustedText isBlock text={run.error?.message ?? 'No reason was recorded.'} className="text-body" />
      {isTimedOut && run.error !== null && describeFailure(run.error).fix !== null && <p className="text-row">{describeFailure(run.error).fix}</p>}
      <Where step={stepOfEnd(run, steps)} label="Go to where it stopped" onOpen={onOpen} />
    </Frame>
  );
};

const Completed = ({ run }: { run: Run }) => {
  const answer = run.outputs?.answer ?? '';
  const data = run.outputs?.data;
  return (
    <section aria-label="Answer" className="mb-4 rounded-card border bg-card">
      <div className="flex items-center justify-between gap-2 border-b px-4 py-2">
        <h2 className="flex items-center gap-2 text-body font-semibold text-completed-text"><CircleCheck aria-hidden className="size-5" />Answer</h2>
        {answer !== '' && <CopyButton text={answer} label="Copy answer" />}
      </div>
      {answer === '' ? (
        <p className="p-4 text-muted-foreground">The agent finished without saying anything.</p>
      ) : (
        <div tabIndex={0} role="region" aria-label="Answer of the agent, unverified" className="max-h-80 overflow-y-auto p-4 -outline-offset-2 focus-visible:-outline-offset-2">
          <UntrustedText isBlock text={answer} className="max-w-prose" />
        </div>
      )}
      {data !== undefined && (
        <div className="flex flex-col gap-1 border-t p-4">
          <div className="flex flex-wrap items-center justify-between gap-2">
            <h3 className="text-caption font-medium text-muted-foreground">As data, in the form the agent was given</h3>
            <Button variant="outline" size="small" onClick={() => saveJson(`answer-${run.run_id}.json`, data)}><Download aria-hidden />Download</Button>
          </div>
          <JsonView value={data} label="the answer as data" />
        </div>
      )}
    </section>
  );
};

/** Requests that hold the run: open ones, and those decided a moment ago that it has not read yet. */
const holding = (run: Run, approvals: readonly ApprovalRequest[]): ApprovalRequest[] =>
  isTerminal(run.status)
    ? []
    : approvals.filter(({ status, decision }) => status === 'pending' || (run.status === 'waiting_for_approval' && decision !== null && decision.taken_up_at === null));

/** What the reader should know or do first, by the state of the run. */
export const RunBanner = ({ run, steps, approvals, onOpenStep }: { run: Run; steps: readonly Step[]; approvals: readonly ApprovalRequest[]; onOpenStep: (stepId: string) => void }) => {
  const cards = holding(run, approvals);
  return (
    <>
      <StateBanner run={run} steps={steps} onOpenStep={onOpenStep} />
      {cards.length > 0 && (
        <div className="mb-4 flex flex-col gap-4">
          <h2 className="flex items-center gap-2 text-body font-semibold text-waiting-text"><phaseLooks.waiting_for_approval.icon aria-hidden className="size-5" />Approval needed</h2>
          <Suspense fallback={<Skeleton className="h-96" />}>{cards.map((request) => <HITLApprovalCard key={request.id} requestId={request.id} />)}</Suspense>
        </div>
      )}
    </>
  );
};

const StateBanner = ({ run, steps, onOpenStep }: { run: Run; steps: readonly Step[]; onOpenStep: (stepId: string) => void }) => {
  switch (run.status) {
    case 'queued':
      return <Frame title="Waiting for a worker to begin" tint="bg-queued-tint text-queued-text" icon={<phaseLooks.queued.icon aria-hidden className="size-5 shrink-0" />} />;
    case 'paused':
      return (
        <Frame title="Paused" tint="bg-queued-tint text-queued-text" icon={<CirclePause aria-hidden className="size-5 shrink-0" />}>
          <p className="text-row">Nothing more is begun until somebody resumes this run. Its time limit goes on.</p>
        </Frame>
      );
    case 'failed': return <Failed run={run} steps={steps} onOpen={onOpenStep} />;
    case 'cancelled':
    case 'timed_out': return <Stopped run={run} steps={steps} onOpen={onOpenStep} />;
    case 'completed': return <Completed run={run} />;
    case 'waiting_for_approval':
    case 'running': return null;
  }
};
