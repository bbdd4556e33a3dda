import type { Run, Step } from '@contracts/runs.ts';
import { type ReactNode, useMemo, useState } from 'react';
import { Bot, UserRound } from 'lucide-react';
import { MoreRows } from '@/components/data-table/more-rows.tsx';
import { Duration } from '@/components/figures.tsx';
import { StepKindIcon, stepKindLooks } from '@/components/step-kind-icon.tsx';
import { isInLine, StepStatusMark } from '@/components/trace/step-status.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { useDraft } from '../draft-query.ts';
import { answerOf } from '../inspector/step-bodies.ts';
import { DraftView, type WordsProps } from './draft-view.tsx';

const pageSize = 150;
/** What a result shows here; the whole of it is in the step. */
const longest = 600;
const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest).toWellFormed()} …` : text);
const textOf = (body: Step['output']): string | null => (body === null ? null : typeof body === 'string' ? body : JSON.stringify(body, null, 1));

const Bubble = ({ who, icon, children, isOwn = false }: { who: string; icon: ReactNode; children: ReactNode; isOwn?: boolean }) => (
  <div className={cn('flex max-w-[46rem] flex-col gap-1', isOwn && 'self-end')}>
    <span className={cn('flex items-center gap-1.5 text-caption text-muted-foreground', isOwn && 'self-end')}>{icon}{who}</span>
    <div className={cn('min-w-0 rounded-card border px-3 py-2 text-body', isOwn ? 'bg-muted' : 'bg-card')}>{children}</div>
  </div>
);

/** One line for what is not talk: a check, a decision, a result. */
const Event = ({ step, body, onOpen }: { step: Step; body?: string | null; onOpen: (stepId: string) => void }) => (
  <div className="flex max-w-[46rem] min-w-0 flex-col gap-1 border-l-2 border-border pl-3">
    <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-row">
      <StepKindIcon kind={step.kind} />
      <span className="font-medium">{step.kind === 'tool' ? step.tool_name : stepKindLooks[step.kind].word}</span>
      <StepStatusMark status={step.status} inLine={isInLine(step)} hasWord />
      {step.duration_ms !== null && <Duration ms={step.duration_ms} className="text-caption text-muted-foreground" />}
      <Button variant="link" size="inline" className="text-caption" onClick={() => onOpen(step.id)}>Open<span className="sr-only"> {stepKindLooks[step.kind].word} {step.tool_name}</span></Button>
    </div>
    {step.summary !== null && <UntrustedText isBlock text={step.summary} className="text-row text-muted-foreground" />}
    {body != null && <UntrustedText isBlock text={cut(body)} className="max-h-48 overflow-hidden rounded-control bg-muted px-2 py-1 font-mono text-caption" />}
  </div>
);

const Words = ({ thought, text }: WordsProps) => (
  <>
    {thought !== '' && <blockquote className="border-l-2 border-input pl-3"><UntrustedText isBlock text={thought} className="text-row text-muted-foreground italic" /></blockquote>}
    {text !== '' && <UntrustedText isBlock text={text} className={thought === '' ? '' : 'mt-2'} />}
  </>
);

const Told = ({ step, agentName, onOpen }: { step: Step; agentName: string; onOpen: (stepId: string) => void }) => {
  const draft = useDraft(step);
  const isOpen = step.kind === 'reasoning' && step.status === 'running';
  const answer = answerOf(step);
  const thought = answer?.thought ?? null;
  const said = answer?.text ?? null;
  if (step.kind !== 'reasoning' && step.kind !== 'finish') return <Event step={step} body={step.kind === 'tool' ? textOf(step.output) : null} onOpen={onOpen} />;
  if (!isOpen && draft === null && thought === null && (said === null || said === '')) return <Event step={step} onOpen={onOpen} />;
  return (
    <Bubble who={step.kind === 'finish' ? `${agentName}, answer` : agentName} icon={<Bot aria-hidden className="size-4" />}>
      {answer === null ? <DraftView step={step} words={Words} /> : <Words thought={thought ?? ''} text={said ?? ''} isGrowing={false} />}
    </Bubble>
  );
};

/** The run told like a conversation: the goal, what the agent thought and said, what was done and decided between. */
export const RunStory = ({ run, steps, isWhole, onOpenStep }: { run: Run; steps: readonly Step[]; isWhole: boolean; onOpenStep: (stepId: string) => void }) => {
  const [shown, setShown] = useState(pageSize);
  // Remembering is off the critical path and may come after the next turn began: it is told with its own.
  const told = useMemo(() => steps.toSorted((a, b) => a.iteration - b.iteration), [steps]);
  const visible = told.slice(0, shown);
  return (
    <section aria-label="Story" className="flex min-w-0 flex-col gap-3">
      <Bubble who={run.started_by ?? 'Goal'} icon={<UserRound aria-hidden className="size-4" />} isOwn><UntrustedText isBlock text={run.goal} /></Bubble>
      {visible.map((step, index) => (
        <div key={step.id} className="flex flex-col gap-3">
          {visible[index - 1]?.iteration !== step.iteration && <h3 className="mt-2 text-caption font-medium text-muted-foreground">Iteration {step.iteration}</h3>}
          <Told step={step} agentName={run.agent_name} onOpen={onOpenStep} />
        </div>
      ))}
      <MoreRows shown={visible.length} noun="step" hasMore={steps.length > visible.length || !isWhole} isLoading={!isWhole && visible.length === steps.length} onMore={() => setShown(shown + pageSize)} />
    </section>
  );
};
