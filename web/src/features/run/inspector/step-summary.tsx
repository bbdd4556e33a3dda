import type { ApprovalRequest } from '@contracts/approvals.ts';
import type { Run, Step } from '@contracts/runs.ts';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ApprovalStatePill } from '@/components/approval-state-pill.tsx';
import { Duration, RelativeTime } from '@/components/figures.tsx';
import { JsonView } from '@/components/json-view.tsx';
import { isInLine } from '@/components/trace/step-status.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { humanize } from '@/lib/format.ts';
import { DraftView, type WordsProps } from '../components/draft-view.tsx';
import { answerOf, checkOf, memoryOf } from './step-bodies.ts';
import { StepFacts } from './step-facts.tsx';

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="flex min-w-0 flex-col gap-1.5">
    <h3 className="text-caption font-medium text-muted-foreground">{title}</h3>
    {children}
  </section>
);

/** The model's own words, visibly a quotation. One that grows stays at its end. */
const Quote = ({ text, isGrowing = false }: { text: string; isGrowing?: boolean }) => (
  <blockquote className={cn('max-h-96 overflow-y-auto border-l-2 border-input pl-3', isGrowing && 'flex flex-col-reverse')}><UntrustedText isBlock text={text} className="text-row" /></blockquote>
);

const Words = ({ thought, text, isGrowing, isAnswer = false }: WordsProps & { isAnswer?: boolean }) => (
  <>
    {thought !== '' && <Part title="Thought, unverified"><Quote text={thought} isGrowing={isGrowing} /></Part>}
    {text !== '' && <Part title={isAnswer ? 'Answer' : 'Said'}><Quote text={text} isGrowing={isGrowing} /></Part>}
  </>
);

const ModelPart = ({ step }: { step: Step }) => {
  const answer = answerOf(step);
  if (answer === null) return null;
  return (
    <>
      <Words thought={answer.thought ?? ''} text={answer.text ?? ''} isGrowing={false} isAnswer={step.kind === 'finish'} />
      {answer.tool_calls.length > 0 && (
        <Part title={answer.tool_calls.length === 1 ? 'Chosen action' : 'Chosen actions'}>
          {answer.tool_calls.map((call) => (
            <div key={call.id} className="flex flex-col gap-1">
              <code className="text-row font-medium">{call.tool_name}</code>
              <JsonView value={call.arguments ?? call.raw_arguments ?? {}} label={`arguments of ${call.tool_name}`} />
            </div>
          ))}
        </Part>
      )}
    </>
  );
};

const ApprovalPart = ({ approval }: { approval: ApprovalRequest }) => {
  const { decision } = approval;
  return (
    <>
      <Part title="Asked for">
        <UntrustedText isBlock text={approval.effect_sentence} className="text-row" />
        <div className="flex flex-wrap items-center gap-2">
          <ApprovalStatePill status={approval.status} decision={decision} />
          <Button asChild variant="link" size="inline"><Link to="/hitl/$requestId" params={{ requestId: approval.id }}>Open request</Link></Button>
        </div>
      </Part>
      {decision !== null && (
        <Part title="Decision">
          <p className="text-row">{decision.decided_by.name}, <RelativeTime at={decision.decided_at} />, after <Duration ms={decision.time_to_decide_ms} /></p>
          {decision.note !== null && decision.note !== '' && <Quote text={decision.note} />}
        </Part>
      )}
      {decision?.edited_arguments != null && <Part title="Arguments after editing"><JsonView value={decision.edited_arguments} label="edited arguments" /></Part>}
    </>
  );
};

/** A tool's one line: how far it has come, what it waits for, or what came of it. */
const titleOfSummary = (step: Step): string => (step.status === 'running' ? 'So far' : isInLine(step) ? 'Not begun yet' : 'Result');

/** What happened in this step, in the words of its kind. */
export const StepSummary = ({ run, step, approval }: { run: Run; step: Step; approval: ApprovalRequest | undefined }) => {
  const check = checkOf(step);
  const memory = memoryOf(step);
  return (
    <div className="flex flex-col gap-4">
      {/* Of an open turn it is the last attempt's, which is followed by another. */}
      {step.error !== null && step.status !== 'running' && (
        <div role="note" className="flex flex-col gap-1 rounded-control bg-failed-tint p-3 text-failed-text">
          <UntrustedText isBlock text={step.error.message} className="text-row" />
          <code className="text-caption">{step.error.code}</code>
        </div>
      )}
      {step.status === 'refused' && step.kind === 'tool' && <p className="text-row font-medium">Not executed.</p>}
      <DraftView step={step} words={Words} />
      <ModelPart step={step} />
      {check !== null && (
        <Part title="Verdict">
          <p className="text-row"><strong>{humanize(check.verdict)}.</strong> <UntrustedText text={check.reason ?? ''} /></p>
        </Part>
      )}
      {approval !== undefined && step.kind === 'approval' && <ApprovalPart approval={approval} />}
      {memory !== null && <Part title="Remembered"><Quote text={memory.text} /></Part>}
      {step.kind === 'tool' && step.summary !== null && step.error === null && <Part title={titleOfSummary(step)}><UntrustedText isBlock text={step.summary} className="text-row" /></Part>}
      <StepFacts step={step} firstModel={run.llm_model} />
    </div>
  );
};
