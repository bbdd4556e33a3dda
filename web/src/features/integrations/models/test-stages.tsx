import { type ConnectionTest, connectionStageNames } from '@contracts/connections.ts';
import { CircleCheck, CircleDashed, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from 'lucide-react';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatDuration } from '@/lib/format.ts';
import { type Stage, stageWords } from './connection-words.ts';

const looks: Record<Stage['outcome'] | 'running' | 'unknown', { word: string; icon: LucideIcon; className: string }> = {
  passed: { word: 'passed', icon: CircleCheck, className: 'text-completed-text' },
  failed: { word: 'failed', icon: CircleX, className: 'text-failed-text' },
  skipped: { word: 'skipped', icon: CircleMinus, className: 'text-muted-foreground' },
  running: { word: 'under way', icon: LoaderCircle, className: 'text-running-text' },
  unknown: { word: '', icon: CircleDashed, className: 'text-muted-foreground' },
};

/** The stages of a test in their order, each with its outcome, its time and what was seen. While it runs nothing is known of any. */
export const TestStages = ({ test, isRunning = false }: { test: ConnectionTest | undefined; isRunning?: boolean }) => (
  <ol aria-label="Stages of the test" className="flex flex-col text-row">
    {connectionStageNames.map((name) => {
      const stage = isRunning ? undefined : test?.stages.find((one) => one.stage === name);
      const { word, icon: Icon, className } = looks[stage?.outcome ?? (isRunning ? 'running' : 'unknown')];
      return (
        <li key={name} className="flex items-baseline gap-2 py-0.5">
          <Icon aria-hidden className={cn('size-4 shrink-0 self-start translate-y-0.5', className, isRunning && 'animate-spin')} />
          <span className="w-24 shrink-0 font-medium">{stageWords[name]}</span>
          <span className="min-w-0 flex-1 text-muted-foreground">
            {word !== '' && <span className={cn('font-medium', className)}>{word}</span>}
            {stage !== undefined && stage.detail !== '' && <>: <UntrustedText text={stage.detail} /></>}
          </span>
          {stage?.ms !== null && stage !== undefined && <span className="tabular shrink-0 text-caption text-muted-foreground">{formatDuration(stage.ms)}</span>}
        </li>
      );
    })}
  </ol>
);

/** Why a test failed: where, with which status, what that means and what to do. */
export const TestFailure = ({ failure }: { failure: NonNullable<ConnectionTest['failure']> }) => (
  <div className="flex flex-col gap-1 rounded-control bg-failed-tint p-3 text-row text-failed-text">
    <p className="font-semibold">
      {stageWords[failure.stage]} failed{failure.status !== null && <span className="tabular"> · HTTP {failure.status}</span>} <code className="ml-1 font-normal">{failure.code}</code>
    </p>
    <p><UntrustedText text={failure.cause} /></p>
    <p><strong className="font-semibold">Likely fix:</strong> <UntrustedText text={failure.fix} /></p>
  </div>
);
