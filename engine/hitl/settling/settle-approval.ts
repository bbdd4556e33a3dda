import type { Transaction } from 'kysely';
import type { ApprovalStatus } from '../../../contracts/approvals.ts';
import { AppError } from '../../../contracts/errors.ts';
import type { Database } from '../../../db/database.ts';
import { type ApprovalRequestRow, findApprovalRequest } from '../../../db/repositories/approvals.repository.ts';
import type { RunRow } from '../../../db/repositories/runs.repository.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import type { Actor } from '../../governance/actor.ts';
import { prepareJudge } from '../../safety/index.ts';
import type { Json } from '../../tools/tool.ts';
import { approveAsIs, approveEdited } from './approve.ts';
import { checkDecidable } from './check-decidable.ts';
import { refuseEdit } from './edit-arguments.ts';
import { loadElectorate } from '../rules/electorate.ts';
import { holdRequest } from './hold-request.ts';
import { settleLocked } from './settle-locked.ts';
import type { SettleDeps, Settlement } from './settlement.ts';
import { ballotOf } from '../rules/terms.ts';

/**
 * What a decider wrote, without secrets: it is kept and shown, and reason, answer and result are read by the model. Arguments must run
 * as they were written, so those are refused instead.
 */
async function withoutSecrets({ secrets }: Pick<SettleDeps, 'secrets'>, settlement: Settlement): Promise<Settlement> {
  const { note, result, editedArguments: edited } = settlement;
  if (edited !== undefined && (await secrets.mask(edited as { [key: string]: Json })) !== edited) refuseEdit('This holds a secret, which everybody who sees the run could read. Name it instead: {{secret:its-name}}.');
  return {
    ...settlement,
    ...(note === undefined ? {} : { note: await secrets.mask(note) }),
    ...(result === undefined ? {} : { result: await secrets.mask(result) }),
  };
}

/**
 * The one way a request is settled, whatever door the decision came through. The row decides races: the first settled decision
 * wins, everybody later gets APPROVAL_ALREADY_DECIDED naming it. A yes may be one of several the terms ask for, and an edit may need
 * somebody else's yes: the request is then still `pending`. Also throws APPROVAL_NOT_FOUND, RUN_ENDED, APPROVAL_STALE, APPROVAL_KIND_MISMATCH,
 * APPROVAL_NOT_ELIGIBLE, APPROVAL_ALREADY_VOTED, APPROVAL_SELF_FORBIDDEN and APPROVAL_EDIT_INVALID; nothing is written then. Waking
 * the run is the caller's next step.
 */
export async function settleApproval(deps: SettleDeps, given: Settlement): Promise<{ runId: string; status: ApprovalStatus }> {
  const known = await findApprovalRequest(deps.db, given.requestId);
  if (known === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${given.requestId}`);
  const settlement = await withoutSecrets(deps, given);
  const judge = settlement.editedArguments === undefined ? undefined : await prepareJudge(deps, known.tool_call_id);
  const settled = await deps.db.transaction().execute(async (trx) => {
    const held = await holdRequest(trx, known);
    const { editedArguments } = settlement;
    // An edit that changes nothing is a plain yes.
    const edited = editedArguments === undefined || hashJson(editedArguments) === held.request.arguments_hash ? undefined : editedArguments;
    const decision: Settlement = edited === undefined ? { ...settlement, editedArguments: undefined } : settlement;
    const seat = await checkDecidable(trx, held, decision);
    if (decision.verdict !== 'approve') return { runId: held.run.id, status: await settleLocked(trx, held, decision, seat, undefined) };
    if (edited === undefined || judge === undefined) return { runId: held.run.id, status: await approveAsIs(trx, held, decision, seat) };
    return { runId: held.run.id, status: await approveEdited(trx, judge, held, decision, edited) };
  });
  await deps.notifier.wake();
  return settled;
}

/** Withdraws what an ended run still asked, inside the transaction that ends it. */
export async function withdrawRequests(trx: Transaction<Database>, run: RunRow, requests: readonly ApprovalRequestRow[], actor: Actor): Promise<void> {
  if (requests.length === 0) return;
  const electorate = await loadElectorate(trx);
  for (const request of requests) {
    const held = { run, request, ballot: ballotOf(request, run), electorate, votes: [] };
    await settleLocked(trx, held, { requestId: request.id, verdict: 'withdraw', door: 'run_ended', actor, note: 'The run ended first.' }, { onBehalfOf: null }, undefined);
  }
}
