import type { RunPhase } from '@contracts/runs.ts';
import { AlarmClockOff, Ban, CircleCheck, CircleDashed, CirclePause, CircleX, LoaderCircle, type LucideIcon, ShieldQuestion } from 'lucide-react';
import { cn } from '@/lib/cn.ts';

interface PhaseLook {
  word: string;
  icon: LucideIcon;
  /** Text on tint. */
  pillClass: string;
  /** Solid, for dots and bars. */
  solidClass: string;
  textClass: string;
}

const quiet = { pillClass: 'bg-queued-tint text-queued-text', solidClass: 'bg-queued-solid', textClass: 'text-queued-text' };

/** The one table of how run phases look and what they are called. */
export const phaseLooks: Record<RunPhase, PhaseLook> = {
  queued: { word: 'Queued', icon: CircleDashed, ...quiet },
  running: { word: 'Running', icon: LoaderCircle, pillClass: 'bg-running-tint text-running-text', solidClass: 'bg-running-solid', textClass: 'text-running-text' },
  waiting_for_approval: { word: 'Waiting for approval', icon: ShieldQuestion, pillClass: 'bg-waiting-tint text-waiting-text', solidClass: 'hatch-waiting', textClass: 'text-waiting-text' },
  paused: { word: 'Paused', icon: CirclePause, ...quiet },
  completed: { word: 'Completed', icon: CircleCheck, pillClass: 'bg-completed-tint text-completed-text', solidClass: 'bg-completed-solid', textClass: 'text-completed-text' },
  failed: { word: 'Failed', icon: CircleX, pillClass: 'bg-failed-tint text-failed-text', solidClass: 'bg-failed-solid', textClass: 'text-failed-text' },
  cancelled: { word: 'Cancelled', icon: Ban, ...quiet },
  timed_out: { word: 'Timed out', icon: AlarmClockOff, pillClass: 'bg-timed-out-tint text-timed-out-text', solidClass: 'bg-timed-out-solid', textClass: 'text-timed-out-text' },
};

export const pillClass = 'inline-flex h-6 shrink-0 items-center gap-1.5 rounded-full px-2 text-caption font-medium whitespace-nowrap';

/** A run's phase: icon, word and tint. */
export const StatePill = ({ phase, className }: { phase: RunPhase; className?: string }) => {
  const { word, icon: Icon, pillClass: tint } = phaseLooks[phase];
  return (
    <span data-slot="pill" className={cn(pillClass, tint, className)}>
      <Icon aria-hidden className={cn('size-3.5', phase === 'running' && 'animate-spin')} />
      {word}
    </span>
  );
};
