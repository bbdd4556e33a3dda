import type { Step } from '@contracts/runs.ts';
import { useQuery } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useNow } from '@/hooks/use-now.ts';
import { apiQuery } from '@/lib/api-query.ts';
import { cn } from '@/lib/cn.ts';
import { serverNowOf } from '../run-clock.ts';
import { wordsOfWaiting } from '../waiting-words.ts';

/** The server's clock, counting: a browser whose clock is wrong counts down all the same. */
const useServerNow = (runId: string): number => {
  const now = useNow(1000);
  const { data: run, dataUpdatedAt } = useQuery(apiQuery('getRun', { params: { run_id: runId } }));
  return run === undefined ? now : serverNowOf(run, dataUpdatedAt, now);
};

interface WaitingProps {
  step: Step;
  /** With what the last attempt failed with. */
  hasReason?: boolean;
  /** Cut where a line ends. */
  isOneLine?: boolean;
  className?: string;
}

const Countdown = ({ step, waiting, hasReason = false, isOneLine = false, className }: WaitingProps & { waiting: NonNullable<Step['waiting']> }) => {
  const now = useServerNow(step.run_id);
  return (
    <span className={cn('inline-flex min-w-0 items-baseline gap-1.5 text-waiting-text', className)}>
      <Hourglass aria-hidden className="size-3.5 shrink-0 translate-y-0.5" />
      <span className={cn('tabular min-w-0', isOneLine && 'truncate')}>
        {wordsOfWaiting(waiting, now)}
        {hasReason && waiting.reason === 'retry' && step.summary !== null && <> (<UntrustedText text={step.summary} />)</>}
      </span>
    </span>
  );
};

/** What an open turn waits for, counting down; nothing when it works. */
export const StepWaiting = (props: WaitingProps) => {
  const { status, waiting } = props.step;
  return waiting === null || status !== 'running' ? null : <Countdown {...props} waiting={waiting} />;
};
