import type { Step } from '@contracts/runs.ts';
import { Hourglass } from 'lucide-react';
import { UntrustedText } from '@/components/untrusted-text.tsx';
import { useNow } from '@/hooks/use-now.ts';
import { cn } from '@/lib/cn.ts';
import { wordsOfWaiting } from './waiting-words.ts';

/** What an open turn waits for, counting down; nothing when it works. `hasReason`: with what the last attempt failed with. */
export const StepWaiting = ({ step, hasReason = false, className }: { step: Step; hasReason?: boolean; className?: string }) => {
  const now = useNow(1000);
  if (step.waiting === null || step.status !== 'running') return null;
  return (
    <span className={cn('inline-flex min-w-0 items-center gap-1.5 text-waiting-text', className)}>
      <Hourglass aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 truncate">
        {wordsOfWaiting(step.waiting, now)}
        {hasReason && step.waiting.reason === 'retry' && step.summary !== null && <> · <UntrustedText text={step.summary} /></>}
      </span>
    </span>
  );
};
