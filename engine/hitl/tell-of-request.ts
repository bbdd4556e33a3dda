import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../../db/database.ts';
import type { ApprovalRequestRow } from '../../db/repositories/approvals.repository.ts';
import { listBallotsOf } from '../../db/repositories/ballots.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import type { MaestroEvent } from '../../contracts/events.ts';
import type { NoticeKind } from '../../contracts/notices.ts';
import { queueNotices } from '../notices/index.ts';
import { type Ballot, decidersOf } from './rules/eligibility.ts';
import { type Electorate, loadElectorate } from './rules/electorate.ts';
import { ballotOf } from './rules/terms.ts';

type Change = Extract<MaestroEvent, { type: 'approval-changed' }>['data']['change'];

const noticeOf: Record<Change, NoticeKind> = { vote: 'changed', edited: 'changed', extended: 'changed', reminded: 'reminder', escalated: 'escalated' };

/** Tells whoever may decide of a request, in the transaction of what happened to it; not by mail whose own act it was. */
export async function notifyDeciders(trx: Transaction<Database>, kind: NoticeKind, request: Pick<ApprovalRequestRow, 'id' | 'risk_level'>, electorate: Electorate, ballot: Ballot, actorId?: string | null): Promise<void> {
  await queueNotices(trx, { kind, requestId: request.id, riskLevel: request.risk_level, deciders: decidersOf(electorate, ballot), actorId });
}

/** Ids of those who may decide each of these requests now, for what was queued a while ago. */
export async function listDeciderIds(db: Kysely<Database>, requestIds: readonly string[]): Promise<Map<string, ReadonlySet<string>>> {
  if (requestIds.length === 0) return new Map();
  const electorate = await loadElectorate(db);
  return new Map((await listBallotsOf(db, requestIds)).map((row) => [row.id, new Set(decidersOf(electorate, ballotOf(row, row)).map(({ userId }) => userId))]));
}

/** Writes what happened to an open request into the event log, and tells whoever may decide it; `actorId`: by whose act, where it was somebody's. */
export async function tellOfChange(trx: Transaction<Database>, change: Change, request: ApprovalRequestRow, electorate: Electorate, ballot: Ballot, actorId?: string | null): Promise<void> {
  await insertEvents(trx, [{ type: 'approval-changed', run_id: request.run_id, data: { approval_id: request.id, agent_id: request.agent_id, version: request.version, change } }]);
  await notifyDeciders(trx, noticeOf[change], request, electorate, ballot, actorId);
}
