import type { Usage } from '@contracts/runs.ts';
import type { ReactNode } from 'react';
import { useNow } from '@/hooks/use-now.ts';
import { cn } from '@/lib/cn.ts';
import { formatAbsoluteTime, formatDuration, formatInteger, formatMoney, formatRelativeTime, unknownMark } from '@/lib/format.ts';
import { Tooltip } from './ui/tooltip.tsx';

/** "–" for a value nobody knows, with the reason on hover, on focus and for screen readers. Never 0. */
export const Unknown = ({ reason }: { reason: string }) => (
  <Tooltip text={reason}>
    <span tabIndex={0} className="text-muted-foreground">
      <span aria-hidden>{unknownMark}</span>
      <span className="sr-only">Unknown: {reason}</span>
    </span>
  </Tooltip>
);

/** A finished length of time in milliseconds. */
export const Duration = ({ ms, reason = 'not measured yet', className }: { ms: number | null; reason?: string; className?: string }) =>
  ms === null ? <Unknown reason={reason} /> : <span className={cn('tabular whitespace-nowrap', className)}>{formatDuration(ms)}</span>;

/** Time since `since`, counting while it is on screen. */
export const RunningDuration = ({ since, className }: { since: string; className?: string }) => {
  const now = useNow(1000);
  return <Duration ms={now - Date.parse(since)} {...(className === undefined ? {} : { className })} />;
};

const tickMs = 10_000;

/** The shared clock may be a tick behind: what happened since is "just now" and not in the future. */
const sinceLastTick = (at: string, now: number): number => (Date.parse(at) - now < tickMs ? Math.max(now, Date.parse(at)) : now);

/** "3 minutes ago"; the whole time with its zone on hover and focus, and in `dateTime` for machines. */
export const RelativeTime = ({ at, className }: { at: string; className?: string }) => {
  const now = useNow(tickMs);
  return (
    <Tooltip text={formatAbsoluteTime(at)}>
      <time dateTime={at} tabIndex={0} className={cn('tabular relative z-1 whitespace-nowrap', className)}>
        {formatRelativeTime(at, sinceLastTick(at, now))}
      </time>
    </Tooltip>
  );
};

/** An amount in micro-dollars; unknown is "–" with the reason. */
export const Money = ({ microUsd, reason = 'the price of a model used here is not known', className }: { microUsd: number | null; reason?: string; className?: string }) =>
  microUsd === null ? <Unknown reason={reason} /> : <span className={cn('tabular whitespace-nowrap', className)}>{formatMoney(microUsd)}</span>;

const part = (value: number | null): ReactNode => (value === null ? unknownMark : formatInteger(value));

/** Tokens as `12 480 in · 530 out · 9 000 cached`. Parts the provider did not report are "–". */
export const Tokens = ({ usage, className }: { usage: Usage | null; className?: string }) => {
  if (usage === null || (usage.input_tokens === null && usage.output_tokens === null)) return <Unknown reason="the provider reported no token counts" />;
  return (
    <span className={cn('tabular', className)}>
      <span className="whitespace-nowrap">{part(usage.input_tokens)} in</span> · <span className="whitespace-nowrap">{part(usage.output_tokens)} out</span>
      {usage.cached_input_tokens !== null && usage.cached_input_tokens > 0 && (
        <> · <span className="whitespace-nowrap">{part(usage.cached_input_tokens)} cached</span></>
      )}
      {usage.cache_write_tokens !== null && usage.cache_write_tokens > 0 && (
        <> · <span className="whitespace-nowrap">{part(usage.cache_write_tokens)} written to cache</span></>
      )}
    </span>
  );
};
