import type { TestStage } from '@contracts/staged-tests.ts';
import { CircleCheck, CircleMinus, CircleX, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { cn } from '@/lib/cn.ts';
import { formatDuration, humanize } from '@/lib/format.ts';

const looks: Record<TestStage['outcome'] | 'running', { word: string; icon: LucideIcon; className: string }> = {
  passed: { word: 'passed', icon: CircleCheck, className: 'text-completed-text' },
  failed: { word: 'failed', icon: CircleX, className: 'text-failed-text' },
  skipped: { word: 'skipped', icon: CircleMinus, className: 'text-muted-foreground' },
  running: { word: 'under way', icon: LoaderCircle, className: 'text-running-text' },
};

/** `tls` is no word; the others are told by their names. */
export const stageWord = (stage: string): string => (stage === 'tls' ? 'TLS' : humanize(stage));

/**
 * The stages of a test in their order, each with its outcome, its time and what was seen. While it runs nothing is known of any:
 * `expected` names them.
 */
export const TestStages = ({ stages, expected, isRunning = false }: { stages: readonly TestStage[] | undefined; expected: readonly string[]; isRunning?: boolean }) => (
  <ol aria-label="Stages of the test" className="flex flex-col text-row">
    {(isRunning || stages === undefined ? expected.map((stage) => ({ stage, outcome: 'running' as const, ms: null, detail: '' })) : stages).map(({ stage, outcome, ms, detail }) => {
      const { word, icon: Icon, className } = looks[outcome];
      return (
        <li key={stage} className="flex items-baseline gap-2 py-0.5">
          <Icon aria-hidden className={cn('size-4 shrink-0 self-start translate-y-0.5', className, outcome === 'running' && 'animate-spin')} />
          <span className="w-20 shrink-0 font-medium sm:w-24">{stageWord(stage)}</span>
          <span className="min-w-0 flex-1 text-muted-foreground">
            <span className={cn('font-medium', className)}>{word}</span>
            {detail !== '' && <>: <UntrustedText text={detail} /></>}
          </span>
          {ms !== null && <span className="tabular shrink-0 text-caption text-muted-foreground">{formatDuration(ms)}</span>}
        </li>
      );
    })}
  </ol>
);

/** Why a test failed: where, with which status, what that means and what to do. */
export const TestFailure = ({ failure }: { failure: { stage: string; code: string; status?: number | null; cause: string; fix: string } }) => (
  <div className="flex flex-col gap-1 rounded-control bg-failed-tint p-3 text-row text-failed-text">
    <p className="font-semibold">
      {stageWord(failure.stage)} failed{failure.status != null && <span className="tabular"> · HTTP {failure.status}</span>} <code className="ml-1 font-normal wrap-anywhere">{failure.code}</code>
    </p>
    <p><UntrustedText text={failure.cause} /></p>
    <p><strong className="font-semibold">Likely fix:</strong> <UntrustedText text={failure.fix} /></p>
  </div>
);

/** What works but should be better. */
export const TestWarnings = ({ warnings }: { warnings: readonly string[] }) =>
  warnings.length > 0 && (
    <ul className="flex flex-col gap-1 rounded-control bg-waiting-tint p-3 text-row text-waiting-text">
      {warnings.map((warning) => <li key={warning} className="flex gap-2"><TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" /><UntrustedText text={warning} /></li>)}
    </ul>
  );
