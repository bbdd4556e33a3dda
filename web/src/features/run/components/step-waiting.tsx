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

const Countdown = ({ step, waiting, hasReason, className }: { step: Step; waiting: NonNullable<Step['waiting']>; hasReason: boolean; className: string | undefined }) => {
  const now = useServerNow(step.run_id);
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-1.5 text-waiting-text', className)}>
      <Hourglass aria-hidden className="size-3.5 shrink-0" />
      <span className={cn('tabular min-w-0', !hasReason && 'truncate')}>
        {wordsOfWaiting(waiting, now)}
        {hasReason && waiting.reason === 'retry' && step.summary !== null && <> (<UntrustedText text={step.summary} />)</>}
      </span>
    </span>
  );
};

/** What an open turn waits for, counting down; nothing when it works. `hasReason`: with what the last attempt failed with. */
export const StepWaiting = ({ step, hasReason = false, className }: { step: Step; hasReason?: boolean; className?: string }) =>
  step.waiting === null || step.status !== 'running' ? null : <Countdown step={step} waiting={step.waiting} hasReason={hasReason} className={className} />;
