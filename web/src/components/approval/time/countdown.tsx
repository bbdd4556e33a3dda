import type { ApprovalRequest } from '@contracts/approvals.ts';
import { Timer } from 'lucide-react';
import { cn } from '@/lib/cn.ts';
import { formatAbsoluteTime, formatCountdown } from '@/lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { isUrgent, shareLeft } from './countdown-marks.ts';

/** How long is left: clock, bar, and until when. Amber in the last minute, red at the end. `leftMs` null: it waits for ever. */
export const Countdown = ({ request, leftMs, onExtend }: { request: ApprovalRequest; leftMs: number | null; /** Offers to let it wait longer. */ onExtend?: () => void }) => {
  if (leftMs === null || request.expires_at === null) {
    return <p className="flex items-center gap-1.5 text-caption text-muted-foreground"><Timer aria-hidden className="size-3.5" />Waits until somebody decides.</p>;
  }
  const isOver = leftMs <= 0;
  const tone = isOver ? 'text-destructive' : isUrgent(leftMs) ? 'text-waiting-text' : 'text-foreground';
  const share = shareLeft({ requestedAt: request.requested_at, expiresAt: request.expires_at, now: Date.parse(request.expires_at) - leftMs });
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3 text-caption text-muted-foreground">
        <span className={cn('inline-flex items-center gap-1.5 font-medium', tone)}>
          <Timer aria-hidden className="size-3.5 self-center" />
          {isOver ? 'Time is up' : <><span role="timer" className="tabular text-row font-semibold">{formatCountdown(leftMs)}</span> left</>}
          {!isOver && onExtend !== undefined && <Button variant="link" size="inline" onClick={onExtend} className="ml-2 text-caption font-normal max-sm:min-h-11">Extend</Button>}
        </span>
        <span>{isOver ? 'since' : 'until'} <time dateTime={request.expires_at}>{formatAbsoluteTime(request.expires_at)}</time>{!isOver && ', then rejected'}</span>
      </div>
      <div aria-hidden data-slot="progress" className="h-1 overflow-hidden rounded-full bg-muted">
        <div data-slot="progress-bar" className={cn('h-full origin-left', isUrgent(leftMs) ? 'bg-waiting-solid' : 'bg-primary')} style={{ transform: `scaleX(${share})` }} />
      </div>
    </div>
  );
};
