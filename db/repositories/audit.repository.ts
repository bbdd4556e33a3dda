import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AuditEntry } from '../../contracts/system.ts';
import { hashJson } from '../../platform/hash-json.ts';
import type { Database } from '../database.ts';
import { toJsonb } from '../storable.ts';
import type { AuditLogTable } from '../tables/safety.table.ts';

export interface NewAuditEntry {
  actorId: string | null;
  actorName: string;
  action: string;
  objectType: string;
  objectId: string;
  before?: unknown;
  after?: unknown;
  requestId?: string | undefined;
  source?: string | undefined;
}

/** What an entry's hash covers: every column but the hash itself, the previous hash included; no source where there is none, as before there were any. */
const sealOf = ({ source, ...entry }: Omit<Selectable<AuditLogTable>, 'hash'>): string => hashJson({ ...entry, at: entry.at.toISOString(), ...(source === null ? {} : { source }) });

/**
 * Appends one entry to the hash chain, in the transaction of the change it tells of. Writers queue on the head row,
 * so call it last in the transaction.
 */
export async function insertAuditEntry(trx: Transaction<Database>, entry: NewAuditEntry): Promise<void> {
  const head = await trx.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).forUpdate().executeTakeFirstOrThrow();
  const row = {
    sequence: head.sequence + 1,
    at: new Date(),
    actor_id: entry.actorId,
    actor_name: entry.actorName,
    action: entry.action,
    object_type: entry.objectType,
    object_id: entry.objectId,
    before: JSON.parse(toJsonb(entry.before ?? null)) as unknown,
    after: JSON.parse(toJsonb(entry.after ?? null)) as unknown,
    request_id: entry.requestId ?? null,
    source: entry.source ?? null,
    previous_hash: head.hash,
  };
  const hash = sealOf(row);
  await trx
    .insertInto('audit_log')
    .values({ ...row, before: row.before === null ? null : toJsonb(row.before), after: row.after === null ? null : toJsonb(row.after), hash })
    .execute();
  await trx.updateTable('audit_head').set({ sequence: row.sequence, hash }).where('id', '=', 1).execute();
}

/** Entries newest first; `beforeSequence` is the cursor. */
export async function listAuditEntries(
  db: Kysely<Database>,
  options: { beforeSequence?: number | undefined; objectId?: string | undefined; action?: string | undefined; limit: number },
): Promise<AuditEntry[]> {
  let query = db.selectFrom('audit_log').selectAll().orderBy('sequence', 'desc').limit(options.limit);
  if (options.beforeSequence !== undefined) query = query.where('sequence', '<', options.beforeSequence);
  if (options.objectId !== undefined) query = query.where('object_id', '=', options.objectId);
  if (options.action !== undefined) query = query.where('action', '=', options.action);
  return (await query.execute()).map((row) => ({
    sequence: row.sequence,
    at: row.at.toISOString(),
    actor: { user_id: row.actor_id, name: row.actor_name },
    action: row.action,
    object_type: row.object_type,
    object_id: row.object_id,
    before: row.before as AuditEntry['before'],
    after: row.after as AuditEntry['after'],
    request_id: row.request_id,
    source: row.source,
    previous_hash: row.previous_hash,
    hash: row.hash,
  }));
}

/** Recomputes the chain from the first entry; returns the first sequence that does not fit, or undefined when all do. */
export async function findBrokenAuditEntry(db: Kysely<Database>): Promise<number | undefined> {
  let previousHash = '0'.repeat(64);
  let last = 0;
  for (;;) {
    const rows = await db.selectFrom('audit_log').selectAll().where('sequence', '>', last).orderBy('sequence').limit(500).execute();
    if (rows.length === 0) return undefined;
    for (const { hash, ...row } of rows) {
      if (row.sequence !== last + 1 || row.previous_hash !== previousHash || sealOf(row) !== hash) return row.sequence;
      previousHash = hash;
      last = row.sequence;
    }
  }
}
