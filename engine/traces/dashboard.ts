import type { Kysely } from 'kysely';
import type { DashboardResponse } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import { countEndings, listBrokenRuns, listHourlyRunCounts, sumCost } from '../../db/repositories/figures.repository.ts';
import { countRunPhases } from '../../db/repositories/run-views.repository.ts';
import { toSuccessRate } from './success-rate.ts';

const hour = 3_600_000;

/** The dashboard's figures: now, the last 24 hours, and cost since midnight UTC. */
export async function getDashboard({ db }: { db: Kysely<Database> }, now: Date = new Date()): Promise<DashboardResponse> {
  const dayAgo = new Date(now.getTime() - 24 * hour);
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  const [phases, endings, cost, runsPerHour, broken] = await Promise.all([
    countRunPhases(db, {}),
    countEndings(db, { from: dayAgo, to: now }),
    sumCost(db, { from: midnight, to: now }),
    listHourlyRunCounts(db, { from: dayAgo, to: now }),
    listBrokenRuns(db, { from: dayAgo, to: now, limit: 5 }),
  ]);
  return {
    running: phases.running,
    waiting: phases.waiting_for_approval,
    paused: phases.paused,
    success_rate_24h: toSuccessRate(endings.completed, endings.failed),
    ended_24h: endings.ended,
    cost_today_micro_usd: cost.hasUnknown ? null : cost.microUsd,
    runs_per_hour: Array.from({ length: 24 }, (_, index) => runsPerHour.get(index) ?? 0),
    broken: broken.map((row) => ({ ...row, last_at: row.last_at.toISOString() })),
  };
}
