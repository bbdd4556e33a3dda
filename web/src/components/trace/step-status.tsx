import type { Step, StepStatus } from '@contracts/runs.ts';
import { Ban, CircleCheck, CircleX, Hourglass, LoaderCircle, type LucideIcon, ShieldQuestion, ShieldX } from 'lucide-react';
import { stepKindLooks } from '@/components/step-kind-icon.tsx';
import { cn } from '@/lib/cn.ts';

interface StatusLook {
  word: string;
  icon: LucideIcon;
  textClass: string;
  /** Fill of time bars. */
  barClass: string;
}

/** How states of steps look and what they are called. */
export const stepStatusLooks: Record<StepStatus, StatusLook> = {
  running: { word: 'Running', icon: LoaderCircle, textClass: 'text-running-text', barClass: 'bg-running-solid' },
  waiting: { word: 'Waiting', icon: ShieldQuestion, textClass: 'text-waiting-text', barClass: 'hatch-waiting' },
  completed: { word: 'Completed', icon: CircleCheck, textClass: 'text-completed-text', barClass: 'bg-completed-solid' },
  failed: { word: 'Failed', icon: CircleX, textClass: 'text-failed-text', barClass: 'bg-failed-solid' },
  refused: { word: 'Refused', icon: ShieldX, textClass: 'text-failed-text', barClass: 'bg-failed-solid' },
  cancelled: { word: 'Cancelled', icon: Ban, textClass: 'text-queued-text', barClass: 'bg-queued-solid' },
};

/** Whether a call of a tool waits for its turn, its tool being at a limit: the other waiting of a call, for a person, has an error that says why. */
export const isInLine = ({ kind, status, error }: Pick<Step, 'kind' | 'status' | 'error'>): boolean => kind === 'tool' && status === 'waiting' && error === null;

/** A step's state as icon; the word stands beside it, or is there for screen readers only. `inLine`: see {@link isInLine}. */
export const StepStatusMark = ({ status, inLine = false, hasWord = false, className }: { status: StepStatus; inLine?: boolean; hasWord?: boolean; className?: string }) => {
  const look = stepStatusLooks[status];
  const { word, icon: Icon } = inLine ? { word: 'In line', icon: Hourglass } : look;
  return (
    <span className={cn('inline-flex shrink-0 items-center gap-1 text-caption font-medium', look.textClass, className)}>
      <Icon aria-hidden className={cn('size-3.5', status === 'running' && 'animate-spin')} />
      <span className={hasWord ? '' : 'sr-only'}>{word}</span>
    </span>
  );
};

/** Name of a step in a row: "Tool · run_sql", "Reasoning". */
export const stepName = (step: Pick<Step, 'kind' | 'tool_name'>): string => {
  const { word } = stepKindLooks[step.kind];
  return step.tool_name === null ? word : `${word} · ${step.tool_name}`;
};
