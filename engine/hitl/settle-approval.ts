import type { Kysely, Transaction } from 'kysely';
import type { ApprovalStatus, DecisionDoor, DecisionVerdict } from '../../contracts/approvals.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import {
  type ApprovalRequestRow, countPendingRequests, findApprovalRequest, findDecision, lockApprovalRequest, settleRequest,
} from '../../db/repositories/approvals.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { lockRun, type RunRow, updateRunPhase } from '../../db/repositories/runs.repository.ts';
import { insertSafetyCheck } from '../../db/repositories/safety-checks.repository.ts';
import { updateStep } from '../../db/repositories/steps.repository.ts';
import { updateToolCall } from '../../db/repositories/tool-calls.repository.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';
import { findCircumstances, judgeCall, type JudgeDeps, type Policies } from '../safety/index.ts';
import type { Notifier } from '../notices/index.ts';
import type { Secrets } from '../secrets/index.ts';
import type { Json } from '../tools/tool.ts';
import type { ToolCatalogue } from '../tools/index.ts';

export interface SettleDeps {
  db: Kysely<Database>;
  tools: Pick<ToolCatalogue, 'current'>;
  policies: Policies;
  secrets: Pick<Secrets, 'mask'>;
  notifier: Pick<Notifier, 'wake'>;
}

export interface Settlement {
  requestId: string;
  verdict: DecisionVerdict;
  door: DecisionDoor;
  actor: Actor;
  note?: string | undefined;
  editedArguments?: Record<string, unknown> | undefined;
  /** What the decider had before them; when given it must still be true. */
  seen?: { version?: number | undefined; argumentsHash?: string | undefined };
}

const stepStatusOf = { approved: 'completed', approved_with_edits: 'completed', rejected: 'refused', expired: 'refused', withdrawn: 'cancelled' } as const;
type SettledStatus = keyof typeof stepStatusOf;

const statusOf = (verdict: DecisionVerdict, isEdited: boolean): SettledStatus => {
  switch (verdict) {
    case 'approve': return isEdited ? 'approved_with_edits' : 'approved';
    case 'confirm_happened':
    case 'answer':
    case 'provide_result': return 'approved';
    case 'reject': return 'rejected';
    case 'expire': return 'expired';
    case 'withdraw': return 'withdrawn';
  }
};

async function refuseDecided(db: Kysely<Database>, request: { id: string; status: ApprovalStatus }): Promise<never> {
  const decision = await findDecision(db, request.id);
  const when = decision?.decided_at.toISOString();
  throw new AppError('APPROVAL_ALREADY_DECIDED', `Already ${request.status.replaceAll('_', ' ')} by ${decision?.actor_name ?? 'Maestro'} at ${when}.`, {
    details: { status: request.status, decided_by: decision?.actor_name, decided_at: when },
  });
}

const refuseEdit = (message: string, issue = message): never => {
  throw new AppError('APPROVAL_EDIT_INVALID', message, { details: { issues: [{ path: 'edited_arguments', message: issue }] } });
};

/**
 * What a decider wrote, without secrets: it is kept and shown, and a reason is read by the model. Arguments must run as they were
 * written, so those are refused instead.
 */
async function withoutSecrets({ secrets }: Pick<SettleDeps, 'secrets'>, settlement: Settlement): Promise<Settlement> {
  const { note, editedArguments: edited } = settlement;
  if (edited !== undefined && (await secrets.mask(edited as { [key: string]: Json })) !== edited) refuseEdit('This holds a secret, which everybody who sees the run could read. Name it instead: {{secret:its-name}}.');
  return note === undefined ? settlement : { ...settlement, note: await secrets.mask(note) };
}

/** Edited arguments must fit the tool and pass the policy again; returns what is to run instead, with its verdict recorded. */
async function judgeEdit(trx: Transaction<Database>, deps: JudgeDeps, request: ApprovalRequestRow, edited: Record<string, unknown>) {
  const judgement = judgeCall(deps, request.tool_name, edited);
  if (judgement.misfit !== undefined) return refuseEdit(judgement.misfit);
  if (judgement.verdict === 'deny') return refuseEdit(`The policy refuses the edited call. ${judgement.reason}`, judgement.reason);
  const { facts, riskLevel, effect } = judgement;
  const argumentsHash = hashJson(edited);
  await insertSafetyCheck(trx, {
    id: newId(), tool_call_id: request.tool_call_id, run_id: request.run_id, arguments_hash: argumentsHash, facts, risk_level: riskLevel,
    verdict: judgement.verdict, reason: judgement.reason, policy_version: judgement.policyVersion, matched_rules: judgement.matchedRules, round: 1, agent_id: request.agent_id, tool_name: request.tool_name, effect, terms: judgement.terms, problems: judgement.problems,
  });
  return { argumentsHash, riskLevel, effect };
}

/** Checks that the decision may be made at all: still open, unchanged, by somebody the terms allow. */
async function checkDecidable(trx: Transaction<Database>, request: ApprovalRequestRow, run: RunRow, settlement: Settlement): Promise<void> {
  if (request.status !== 'pending') await refuseDecided(trx, request);
  const { seen, door, verdict, actor } = settlement;
  const hasChanged = (seen?.version !== undefined && seen.version !== request.version) || (seen?.argumentsHash !== undefined && seen.argumentsHash !== request.arguments_hash);
  if (hasChanged) {
    throw new AppError('APPROVAL_STALE', undefined, { details: { version: request.version, arguments_hash: request.arguments_hash } });
  }
  const isByPerson = door === 'api' || door === 'temporal_signal';
  if (isByPerson && verdict === 'confirm_happened' && request.kind !== 'outcome_unknown') {
    throw new AppError('VALIDATION_FAILED', 'Only a call with an unknown outcome can be confirmed.', { details: { issues: [] } });
  }
  if (settlement.editedArguments !== undefined && request.kind === 'outcome_unknown') {
    throw new AppError('APPROVAL_EDIT_INVALID', 'A call that may have happened already can only be done again as it was.', { details: { issues: [] } });
  }
  if (isByPerson && request.expires_at !== null && request.expires_at.getTime() <= Date.now()) {
    throw new AppError('APPROVAL_ALREADY_DECIDED', `The request expired at ${request.expires_at.toISOString()}.`, { details: { status: 'expired', decided_by: 'Maestro', decided_at: request.expires_at.toISOString() } });
  }
  if (isByPerson && verdict !== 'reject' && request.forbids_self_approval && (actor.userId === null || actor.userId === run.started_by)) {
    throw new AppError('APPROVAL_SELF_FORBIDDEN');
  }
}

/** What the decision means for the call itself. */
async function applyToToolCall(trx: Transaction<Database>, judge: JudgeDeps | undefined, request: ApprovalRequestRow, settlement: Settlement): Promise<string | null> {
  const { verdict, editedArguments, note } = settlement;
  const callId = request.tool_call_id;
  if (verdict === 'approve' && editedArguments !== undefined) {
    if (judge === undefined) throw new AppError('INTERNAL', 'an edit is settled without the tools to judge it');
    const edit = await judgeEdit(trx, judge, request, editedArguments);
    await updateToolCall(trx, callId, { state: 'allowed', editedArguments, riskLevel: edit.riskLevel, effect: edit.effect, claimedAt: null, capacityWaits: 0 });
    return edit.argumentsHash;
  }
  const finishedAt = new Date();
  const toolStep = { toolCallId: callId, kind: 'tool' as const };
  if (verdict === 'approve') await updateToolCall(trx, callId, { state: 'allowed', claimedAt: null, capacityWaits: 0 });
  else if (verdict === 'confirm_happened') {
    const summary = 'a person confirmed that it happened';
    await updateToolCall(trx, callId, { state: 'succeeded', summary, error: null, finishedAt });
    await updateStep(trx, toolStep, { status: 'completed', summary, error: null, finishedAt }, request.tool_name);
  } else if (verdict === 'reject' && request.kind === 'outcome_unknown') {
    const error = { code: 'TOOL_FAILED', message: `Nobody knows whether it happened; a person gave up on it: ${note ?? ''}` };
    await updateToolCall(trx, callId, { state: 'failed', error, finishedAt });
    await updateStep(trx, toolStep, { status: 'failed', summary: error.message, error, finishedAt }, request.tool_name);
  } else if (verdict === 'reject' || verdict === 'expire') {
    const message = verdict === 'expire' ? 'Not executed: nobody approved it in time.' : `Not executed: a person rejected it. Reason: ${note ?? ''}`;
    await updateToolCall(trx, callId, { state: 'rejected', finishedAt, error: { code: 'TOOL_REFUSED', message } });
  }
  return null;
}

/** Settles a request whose row and run are locked by this transaction already. */
async function settleLocked(trx: Transaction<Database>, judge: JudgeDeps | undefined, run: RunRow, request: ApprovalRequestRow, settlement: Settlement): Promise<SettledStatus> {
  const { verdict, door, actor, note, editedArguments } = settlement;
  const editedHash = await applyToToolCall(trx, judge, request, settlement);
  const status = statusOf(verdict, editedHash !== null);
  await settleRequest(trx, status, {
    id: newId(), request_id: request.id, verdict, door, actor_id: actor.userId, actor_name: actor.name, note: note ?? null,
    edited_arguments: editedHash === null ? null : (editedArguments ?? null), edited_arguments_hash: editedHash, result: null, on_behalf_of: null,
  });
  await updateStep(trx, { requestId: request.id, kind: 'approval' }, { status: stepStatusOf[status], summary: `${status.replaceAll('_', ' ')} by ${actor.name}${note ? `: ${note}` : ''}`, finishedAt: new Date() }, request.tool_name);
  await insertEvents(trx, [{ type: 'approval-settled', run_id: request.run_id, data: { approval_id: request.id, agent_id: request.agent_id, status, decided_by: actor.name } }]);
  if (verdict !== 'withdraw' && (await countPendingRequests(trx, run.id)) === 0) await updateRunPhase(trx, run, 'running');
  await insertAuditEntry(trx, {
    ...toAuditActor(actor), action: `approval.${verdict}`, objectType: 'approval_request', objectId: request.id,
    before: { status: 'pending', arguments_hash: request.arguments_hash },
    after: { status, door, note: note ?? null, arguments_hash: editedHash ?? request.arguments_hash, run_id: run.id, tool_name: request.tool_name },
  });
  return status;
}

/** What edited arguments are judged with; found before the transaction, since it asks the database. */
async function prepareJudge({ db, tools, policies }: SettleDeps, toolCallId: string): Promise<JudgeDeps> {
  const [registry, set, circumstances] = await Promise.all([tools.current(), policies.current(), findCircumstances(db, { toolCallId, environment: policies.environment })]);
  return { registry, policies: set, circumstances };
}

/**
 * The one way a request is settled, whatever door the decision came through. The row decides races: the first settled decision
 * wins, everybody later gets APPROVAL_ALREADY_DECIDED naming it. Also throws APPROVAL_NOT_FOUND, APPROVAL_STALE,
 * APPROVAL_SELF_FORBIDDEN and APPROVAL_EDIT_INVALID; nothing is written then. Waking the run is the caller's next step.
 */
export async function settleApproval(deps: SettleDeps, given: Settlement): Promise<{ runId: string; status: ApprovalStatus }> {
  const settlement = await withoutSecrets(deps, given);
  const known = await findApprovalRequest(deps.db, settlement.requestId);
  if (known === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${settlement.requestId}`);
  const judge = settlement.editedArguments === undefined ? undefined : await prepareJudge(deps, known.tool_call_id);
  return deps.db.transaction().execute(async (trx) => {
    // Always the run first, then the request: one order of locks, no deadlock.
    const run = await lockRun(trx, known.run_id);
    const request = await lockApprovalRequest(trx, settlement.requestId);
    if (run === undefined || request === undefined) throw new AppError('APPROVAL_NOT_FOUND', `approval request ${settlement.requestId}`);
    await checkDecidable(trx, request, run, settlement);
    return { runId: run.id, status: await settleLocked(trx, judge, run, request, settlement) };
  });
}

/** Withdraws what an ended run still asked, inside the transaction that ends it. */
export async function withdrawRequests(trx: Transaction<Database>, run: RunRow, requests: readonly ApprovalRequestRow[], actor: Actor): Promise<void> {
  for (const request of requests) {
    await settleLocked(trx, undefined, run, request, { requestId: request.id, verdict: 'withdraw', door: 'run_ended', actor, note: 'The run ended first.' });
  }
}
