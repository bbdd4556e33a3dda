import type { Kysely } from 'kysely';
import { AppError, refuseField } from '../../contracts/errors.ts';
import type { CreateDelegationBody, Delegation } from '../../contracts/people.ts';
import { isAllowed, type Role, rolesWith } from '../../contracts/permissions.ts';
import type { Database } from '../../db/database.ts';
import { listPeopleOfRoles } from '../../db/repositories/approvers.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { type DelegationView, findDelegation, insertDelegation, listDelegationViews, revokeDelegationRow } from '../../db/repositories/delegations.repository.ts';
import { findUser } from '../../db/repositories/users.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/actor.ts';

interface Deps {
  db: Kysely<Database>;
}

/** Somebody who is signed in. */
type Person = Actor & { userId: string; role: Role };

const stateOf = (view: DelegationView, now: Date): Delegation['state'] =>
  view.revoked_at !== null ? 'revoked' : view.ends_at <= now ? 'ended' : view.starts_at > now ? 'planned' : 'active';

const toDelegation = (view: DelegationView, now: Date): Delegation => ({
  id: view.id,
  from: { user_id: view.from_user_id, name: view.from_name },
  to: { user_id: view.to_user_id, name: view.to_name },
  starts_at: view.starts_at.toISOString(),
  ends_at: view.ends_at.toISOString(),
  note: view.note,
  state: stateOf(view, now),
  created_at: view.created_at.toISOString(),
});

const auditedFields = (view: DelegationView) => ({ from: view.from_name, to: view.to_name, starts_at: view.starts_at.toISOString(), ends_at: view.ends_at.toISOString(), note: view.note });

/** People who may decide on requests, to delegate to. */
export async function listApprovers({ db }: Deps): Promise<{ user_id: string; name: string; role: Role }[]> {
  return (await listPeopleOfRoles(db, rolesWith('approvals:decide'))).map(({ id, name, role }) => ({ user_id: id, name, role }));
}

/** Delegations newest first: those from and to the reader, everybody's for admins. */
export async function listDelegations({ db }: Deps, { userId, role }: Pick<Person, 'userId' | 'role'>): Promise<Delegation[]> {
  const now = new Date();
  return (await listDelegationViews(db, { userId: role === 'admin' ? undefined : userId })).map((view) => toDelegation(view, now));
}

/** Refuses somebody who could not decide anything. Throws VALIDATION_FAILED. */
async function requireApprover(db: Kysely<Database>, path: string, userId: string): Promise<void> {
  const user = await findUser(db, userId);
  if (user === undefined) return refuseField(path, 'There is no such person.');
  if (user.is_disabled) return refuseField(path, `${user.name} may not sign in.`);
  if (!isAllowed(user.role, 'approvals:decide')) refuseField(path, `${user.name} does not decide on requests: the role is ${user.role}.`);
}

/**
 * Lets somebody decide what somebody else may, for a while. One's own absence everybody may set, others' only admins. What was delegated
 * to somebody they cannot pass on. Throws VALIDATION_FAILED and FORBIDDEN.
 */
export async function createDelegation({ db }: Deps, { body, actor }: { body: CreateDelegationBody; actor: Person }): Promise<Delegation> {
  const fromId = body.from_user_id ?? actor.userId;
  if (fromId !== actor.userId && actor.role !== 'admin') throw new AppError('FORBIDDEN', 'Only an admin delegates for somebody else.');
  if (fromId === body.to_user_id) refuseField('to_user_id', 'Choose somebody else than the person who is away.');
  if (Date.parse(body.ends_at) <= Date.now()) refuseField('ends_at', 'This has passed already.');
  await requireApprover(db, 'to_user_id', body.to_user_id);
  await requireApprover(db, 'from_user_id', fromId);
  return db.transaction().execute(async (trx) => {
    const id = newId();
    await insertDelegation(trx, { id, from_user_id: fromId, to_user_id: body.to_user_id, starts_at: new Date(body.starts_at), ends_at: new Date(body.ends_at), note: body.note, created_by: actor.userId });
    const view = await findDelegation(trx, id);
    if (view === undefined) throw new AppError('INTERNAL', `delegation ${id} is gone`);
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'delegation.create', objectType: 'delegation', objectId: id, after: auditedFields(view) });
    return toDelegation(view, new Date());
  });
}

/** Ends a delegation now: either side of it may, and admins. One that is over stays as it is. Throws DELEGATION_NOT_FOUND. */
export async function revokeDelegation({ db }: Deps, { delegationId, actor }: { delegationId: string; actor: Person }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const view = await findDelegation(trx, delegationId);
    if (view === undefined || (actor.role !== 'admin' && actor.userId !== view.from_user_id && actor.userId !== view.to_user_id)) throw new AppError('DELEGATION_NOT_FOUND', `delegation ${delegationId}`);
    if (view.ends_at <= new Date() || !(await revokeDelegationRow(trx, delegationId))) return;
    await insertAuditEntry(trx, { ...toAuditActor(actor), action: 'delegation.revoke', objectType: 'delegation', objectId: delegationId, before: auditedFields(view) });
  });
}
