import type { ApprovalRequest } from '@contracts/approvals.ts';
import { useEffect, useRef } from 'react';
import { useNow } from '@/hooks/use-now.ts';
import { announce } from '../../layout/live-region.tsx';
import { serverOffsetMs } from '../../layout/pending-approvals.ts';
import { markPassed, sentenceOfMark } from './countdown-marks.ts';

type Timed = Pick<ApprovalRequest, 'server_time' | 'expires_at'>;

/** The server's clock now, in milliseconds: from the time its last answer carried and when that arrived here. */
export const useServerNow = (request: Timed, receivedAt: number, intervalMs = 1000): number => {
  const now = useNow(intervalMs);
  // A reading that arrived after the last tick would otherwise lie in the future of it.
  return Math.max(now, receivedAt) + serverOffsetMs(request, receivedAt);
};

/** Milliseconds until the request expires, by the server's clock, each second; null when it never does. */
export const useTimeLeft = (request: Timed, receivedAt: number): number | null => {
  const now = useServerNow(request, receivedAt);
  return request.expires_at === null ? null : Date.parse(request.expires_at) - now;
};

/** Says the marks of a countdown aloud as they pass: five minutes politely, the last minute and the end at once. */
export const useSpokenMarks = (leftMs: number | null, toolName: string): void => {
  const previous = useRef(leftMs);
  // Follows the clock: a mark is passed between two of its readings.
  useEffect(() => {
    const before = previous.current;
    previous.current = leftMs;
    if (before === null || leftMs === null) return;
    const mark = markPassed(before, leftMs);
    if (mark !== undefined) announce(sentenceOfMark(mark, toolName), mark === 'five_minutes' ? 'polite' : 'assertive');
  }, [leftMs, toolName]);
};
