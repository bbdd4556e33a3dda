import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { BackTest, BackTestDecision, listBackTestDecisionsQuerySchema, listBackTestsQuerySchema } from '../../../contracts/back-tests.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Page } from '../../../contracts/pagination.ts';
import type { Database } from '../../../db/database.ts';
import { type BackTestDecisionView, findBackTest, listBackTestDecisionViews, listBackTestRows } from '../../../db/repositories/back-tests.repository.ts';
import { cursorTimeSchema, parsePageCursor } from '../../../platform/page-cursor.ts';
import { toPage } from '../../../platform/to-page.ts';
import { toBackTest } from './to-back-test.ts';

interface Deps {
  db: Kysely<Database>;
}

/** Throws BACK_TEST_NOT_FOUND. */
export async function getBackTest({ db }: Deps, backTestId: string): Promise<BackTest> {
  const row = await findBackTest(db, backTestId);
  if (row === undefined) throw new AppError('BACK_TEST_NOT_FOUND', `back-test ${backTestId}`);
  return toBackTest(row);
}

const testCursorSchema = z.strictObject({ at: cursorTimeSchema, id: z.uuid() });

/** Back-tests, newest first. Throws CURSOR_INVALID. */
export async function listBackTests({ db }: Deps, { policy_id: policyId, cursor, limit }: z.output<typeof listBackTestsQuerySchema>): Promise<Page<BackTest>> {
  const rows = await listBackTestRows(db, { policyId, after: parsePageCursor(testCursorSchema, cursor), limit: limit + 1 });
  return toPage(rows, { limit, keyOf: ({ position_at: at, id }) => ({ at, id }), toItem: toBackTest });
}

/** What matters most comes first. */
const outcomeOrder = ['looser', 'stricter', 'not_replayable'] as const;
const decisionCursorSchema = z.strictObject({ outcome: z.enum(outcomeOrder), id: z.uuid() });

const toDecision = (view: BackTestDecisionView): BackTestDecision => ({
  decision_id: view.decision_id,
  at: view.created_at.toISOString(),
  run_id: view.run_id,
  step_id: view.step_id,
  agent_id: view.agent_id,
  agent_name: view.agent_name,
  tool_name: view.tool_name ?? '',
  risk_level: view.risk_level,
  outcome: view.outcome,
  recorded_verdict: view.verdict,
  live_verdict: view.live_verdict,
  draft_verdict: view.draft_verdict,
  live_rules: view.live_rules,
  draft_rules: view.draft_rules,
  missing_facts: view.missing_facts,
});

/**
 * Decisions that the draft changes or that cannot be judged anew, looser ones first, within an outcome as they were made. While a back-test
 * is under way there will be more. Throws BACK_TEST_NOT_FOUND and CURSOR_INVALID.
 */
export async function listBackTestDecisions(
  { db }: Deps,
  { backTestId, query }: { backTestId: string; query: z.output<typeof listBackTestDecisionsQuerySchema> },
): Promise<Page<BackTestDecision>> {
  await getBackTest({ db }, backTestId);
  const after = parsePageCursor(decisionCursorSchema, query.cursor);
  const asked = query.outcome === undefined ? outcomeOrder : [query.outcome];
  const views: BackTestDecisionView[] = [];
  for (const outcome of asked.filter((one) => after === undefined || outcomeOrder.indexOf(one) >= outcomeOrder.indexOf(after.outcome))) {
    if (views.length > query.limit) break;
    views.push(...(await listBackTestDecisionViews(db, { backTestId, outcome, afterId: outcome === after?.outcome ? after.id : undefined, limit: query.limit + 1 - views.length })));
  }
  return toPage(views, { limit: query.limit, keyOf: ({ outcome, decision_id: id }) => ({ outcome, id }), toItem: toDecision });
}
