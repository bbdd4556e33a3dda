import { isTerminal, type Run } from '@contracts/runs.ts';

type Timed = Pick<Run, 'status' | 'started_at' | 'finished_at' | 'wall_ms' | 'active_ms' | 'waiting_ms'>;

/**
 * The server's clock at the browser's `now`, from what the run said when it was read at `receivedAt`: times of a live
 * run do not trust the browser's clock.
 */
export const serverNowOf = (run: Timed, receivedAt: number, now: number): number =>
  run.started_at === null || run.wall_ms === null ? now : Date.parse(run.started_at) + run.wall_ms + Math.max(0, now - receivedAt);

/** Wall, active and waiting time of a run at `now`; those of an ended run stand still. */
export const timesAt = (run: Timed, receivedAt: number, now: number): { wallMs: number | null; activeMs: number | null; waitingMs: number } => {
  const sinceMs = isTerminal(run.status) ? 0 : Math.max(0, now - receivedAt);
  const isHeld = run.status === 'waiting_for_approval' || run.status === 'paused';
  return {
    wallMs: run.wall_ms === null ? null : run.wall_ms + sinceMs,
    activeMs: run.active_ms === null ? null : run.active_ms + (isHeld ? 0 : sinceMs),
    waitingMs: run.waiting_ms + (isHeld ? sinceMs : 0),
  };
};
