import type { Kysely } from 'kysely';
import { type Role, rolesWith } from '../../../contracts/permissions.ts';
import type { Database } from '../../../db/database.ts';
import { listApproversAt } from '../../../db/repositories/approvers.repository.ts';

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
  const rows = await listApproversAt(db, rolesWith('approvals:decide'), at);
  const people = new Map(rows.map(({ id, email, name, role, groups }) => [id, { id, email, name, role, groups: new Set(groups) }]));
  const absentOf = new Map(rows.map((row) => [row.id, [...new Set(row.absent_ids)].flatMap((id) => people.get(id) ?? [])]));
  return { people, absentOf };
}
