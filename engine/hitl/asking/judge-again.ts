import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findLastRequestOfCall } from '../../../db/repositories/approvals.repository.ts';
import { lockRun } from '../../../db/repositories/runs.repository.ts';
import { findLastRound, findSafetyCheck, type SafetyCheckRow } from '../../../db/repositories/safety-checks.repository.ts';
import { lockToolCall, type ToolCallRow } from '../../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { applyJudgement, findCircumstances, isStillSaid, judgeCall, type Judgement, type Policies } from '../../safety/index.ts';
import type { SecondJudgement, ToolRegistry } from '../../tools/index.ts';
import { type Basis, covers } from '../rules/basis.ts';
import { findBasis, toJudged } from './find-basis.ts';

const sentences = { deny: 'Denied by policy right before it was to be executed. ', ask: 'Asked again. ' } as const;

/** Sends a call back, unless somebody took it meanwhile. The run first, then the call: one order of locks. */
async function sendBack(db: Kysely<Database>, call: ToolCallRow, argumentsHash: string, judgement: Judgement & { verdict: 'ask' | 'deny' }): Promise<SecondJudgement> {
  return db.transaction().execute(async (trx) => {
    const run = await lockRun(trx, call.run_id);
    const now = await lockToolCall(trx, call.id);
    // Another attempt, of a worker that was taken for dead, has sent it back already.
    if (now?.state === 'awaiting_approval') return 'asks_again';
    if (run === undefined || now?.state !== 'allowed') return 'stands';
    const opening = sentences[judgement.verdict];
    const round = (await findLastRound(trx, call.id, argumentsHash)) + 1;
    await applyJudgement(trx, now, { agentId: run.agent_id, argumentsHash, round }, judgement, { opening, denial: opening });
    return judgement.verdict === 'deny' ? 'denied' : 'asks_again';
  });
}

/** What was allowed is executed at once as a rule. A verdict older than this is made again: the time, the run and the tool are others by then. */
const freshMs = 5_000;

/** Age of a verdict by the clock of whoever made it; without one, or from the future, it is of no certain age. */
const isFresh = ({ facts }: SafetyCheckRow): boolean => {
  const ageMs = Date.now() - Date.parse(String(facts['at']));
  return ageMs >= 0 && ageMs < freshMs;
};

/**
 * Judges a call once more right before it is claimed: one that people approved, since they may have taken days, and one that was allowed
 * longer ago than a moment, under other policies than those live now, or of a tool that says something else of it now. What the policies deny
 * now is denied, and the model told. What they ask about on another basis than was approved goes back to people. A call that may have
 * happened already is never asked about again for that; it is denied or done as people said.
 */
export async function judgeAgain({ db, policies }: { db: Kysely<Database>; policies: Policies }, registry: ToolRegistry, call: ToolCallRow | undefined): Promise<SecondJudgement> {
  if (call?.state !== 'allowed' && call?.state !== 'awaiting_approval') return 'stands';
  const args = call.edited_arguments ?? call.arguments ?? {};
  const argumentsHash = hashJson(args);
  const check = await findSafetyCheck(db, call.id, argumentsHash);
  if (check === undefined) return 'stands';
  // An attempt before this one has sent it back, and died before it could say so.
  if (call.state === 'awaiting_approval') return check.round > 1 ? 'asks_again' : 'stands';
  const asked = check.verdict === 'ask';
  const set = await policies.current(asked ? { maxAgeMs: 0 } : {});
  if (!asked && set.version === check.policy_version && isFresh(check) && isStillSaid(registry, check, args)) return 'stands';
  const judgement = judgeCall({ registry, policies: set, circumstances: await findCircumstances(db, { toolCallId: call.id, environment: policies.environment }) }, call.tool_name, args);
  // What cannot be made any more the execution refuses in its own words.
  if (judgement.misfit !== undefined || judgement.verdict === 'allow') return 'stands';
  if (judgement.verdict === 'deny') return sendBack(db, call, argumentsHash, { ...judgement, verdict: 'deny' });
  if (asked) {
    const request = await findLastRequestOfCall(db, call.id, 'tool_call');
    const approved = (request?.basis as Basis | null | undefined) ?? (await findBasis(db, toJudged(check, call.effect)));
    if (covers(approved, await findBasis(db, judgement))) return 'stands';
  }
  if ((await findLastRequestOfCall(db, call.id, 'outcome_unknown')) !== undefined) return 'stands';
  return sendBack(db, call, argumentsHash, { ...judgement, verdict: 'ask' });
}
