import type { Kysely } from 'kysely';
import { type Role, rolesWith } from '../../contracts/permissions.ts';
import type { Database } from '../../db/database.ts';
import { listMemberships, listPeopleOfRoles } from '../../db/repositories/approvers.repository.ts';
import { listDelegationsAt } from '../../db/repositories/delegations.repository.ts';

/** Somebody who may decide on requests at all. */
export interface Approver {
  id: string;
  email: string;
  name: string;
  role: Role;
  groups: ReadonlySet<string>;
}

/** Everybody who may decide at one moment, and who stands in for whom. Disabled people and those without the role are not in it. */
export interface Electorate {
  people: ReadonlyMap<string, Approver>;
  /** By delegate: those they stand in for. Never passed on: a delegate of a delegate stands in for nobody but them. */
  absentOf: ReadonlyMap<string, readonly Approver[]>;
}

/** The electorate as it is now; inside a transaction as that sees it. */
export async function loadElectorate(db: Kysely<Database>, at = new Date()): Promise<Electorate> {
  const rows = await listPeopleOfRoles(db, rolesWith('approvals:decide'));
  const groups = new Map<string, Set<string>>();
  for (const { user_id: userId, group } of await listMemberships(db)) groups.set(userId, (groups.get(userId) ?? new Set()).add(group));
  const people = new Map(rows.map((row) => [row.id, { ...row, groups: groups.get(row.id) ?? new Set<string>() }]));
  const absentOf = new Map<string, Approver[]>();
  for (const { from_user_id: fromId, to_user_id: toId } of await listDelegationsAt(db, at)) {
    const from = people.get(fromId);
    if (from === undefined || !people.has(toId)) continue;
    absentOf.set(toId, [...(absentOf.get(toId) ?? []), from]);
  }
  return { people, absentOf };
}
