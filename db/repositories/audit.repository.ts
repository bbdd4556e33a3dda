import type { Kysely, Selectable, Transaction } from 'kysely';
import type { AuditEntry, AuditRecord } from '../../contracts/system.ts';
import { type AuditLink, auditChainStart, sealAuditRecord } from '../../platform/audit-chain.ts';
import { withBeside } from '../beside.ts';
import type { Database } from '../database.ts';
import { toLikeText } from '../like-text.ts';
import { toJsonb, toStorableText } from '../storable.ts';
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

/** A value as the database gives it back. */
const asStored = (value: unknown): AuditRecord['before'] => JSON.parse(toJsonb(value ?? null)) as AuditRecord['before'];

/**
 * Appends one entry to the hash chain, in the transaction of the change it tells of. Writers queue on the head row,
 * so call it last in the transaction.
 */
export async function insertAuditEntry(trx: Transaction<Database>, entry: NewAuditEntry): Promise<void> {
  const head = await trx.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).forUpdate().executeTakeFirstOrThrow();
  const record = {
    sequence: head.sequence + 1,
    at: new Date().toISOString(),
    actor_id: entry.actorId,
    actor_name: toStorableText(entry.actorName),
    action: entry.action,
    object_type: entry.objectType,
    object_id: toStorableText(entry.objectId),
    before: asStored(entry.before),
    after: asStored(entry.after),
    request_id: entry.requestId ?? null,
    source: entry.source === undefined ? null : toStorableText(entry.source),
    previous_hash: head.hash,
  };
  const hash = sealAuditRecord(record);
  await withBeside(trx, [(db) => db.updateTable('audit_head').set({ sequence: record.sequence, hash }).where('id', '=', 1)])
    .insertInto('audit_log')
    .values({ ...record, before: record.before === null ? null : toJsonb(record.before), after: record.after === null ? null : toJsonb(record.after), hash })
    .execute();
}

export interface AuditFilter {
  objectId?: string | undefined;
  objectType?: string | undefined;
  /** One action, or all that begin like it: `approval.*`. */
  action?: string | undefined;
  actorId?: string | undefined;
  from?: string | undefined;
  /** Exclusive. */
  to?: string | undefined;
}

const toEntry = ({ actor_id, actor_name, at, before, after, ...row }: Selectable<AuditLogTable>): AuditEntry => ({
  ...row,
  at: at.toISOString(),
  actor: { user_id: actor_id, name: actor_name },
  before: before as AuditEntry['before'],
  after: after as AuditEntry['after'],
});

/** Entries of the chain, newest first; `beforeSequence` is the cursor. */
export async function listAuditEntries(db: Kysely<Database>, options: AuditFilter & { beforeSequence?: number | undefined; limit: number }): Promise<AuditEntry[]> {
  const { action } = options;
  let query = db
    .selectFrom('audit_log').selectAll()
    .where('sequence', '>', auditChainStart.sequence)
    .where('sequence', '<=', (eb) => eb.selectFrom('audit_head').select('audit_head.sequence').where('id', '=', 1))
    .orderBy('sequence', 'desc').limit(options.limit);
  if (options.beforeSequence !== undefined) query = query.where('sequence', '<', options.beforeSequence);
  if (options.objectId !== undefined) query = query.where('object_id', '=', options.objectId);
  if (options.objectType !== undefined) query = query.where('object_type', '=', options.objectType);
  if (action !== undefined) query = action.endsWith('*') ? query.where('action', 'like', `${toLikeText(action.slice(0, -1))}%`) : query.where('action', '=', action);
  if (options.actorId !== undefined) query = query.where('actor_id', '=', options.actorId);
  if (options.from !== undefined) query = query.where('at', '>=', new Date(options.from));
  if (options.to !== undefined) query = query.where('at', '<', new Date(options.to));
  return (await query.execute()).map(toEntry);
}

/** Entries after `after` up to `upTo`, oldest first, as their hashes cover them. */
export async function readAuditRecords(db: Kysely<Database>, { after, upTo, limit }: { after: number; upTo: number; limit: number }): Promise<AuditRecord[]> {
  const rows = await db
    .selectFrom('audit_log')
    .select(['sequence', 'at', 'actor_id', 'actor_name', 'action', 'object_type', 'object_id', 'before', 'after', 'request_id', 'source', 'previous_hash', 'hash'])
    .where('sequence', '>', after).where('sequence', '<=', upTo)
    .orderBy('sequence').limit(limit).execute();
  return rows.map((row) => ({ ...row, at: row.at.toISOString(), before: row.before as AuditRecord['before'], after: row.after as AuditRecord['after'] }));
}

/** Where the chain ends now; all entries up to it are there to be read. */
export const getAuditHead = (db: Kysely<Database>): Promise<AuditLink> =>
  db.selectFrom('audit_head').select(['sequence', 'hash']).where('id', '=', 1).executeTakeFirstOrThrow();

/** The same, with the first entry outside the chain, if any; both as they were at one moment. */
export async function surveyAudit(db: Kysely<Database>): Promise<{ head: AuditLink; stray: number | null }> {
  const { stray_before: before, stray_after: after, ...head } = await db
    .selectFrom('audit_head')
    .select((eb) => [
      'sequence', 'hash',
      eb.selectFrom('audit_log').select(({ fn }) => fn.min<number | null>('audit_log.sequence').as('first')).where('audit_log.sequence', '<=', auditChainStart.sequence).as('stray_before'),
      eb.selectFrom('audit_log').select(({ fn }) => fn.min<number | null>('audit_log.sequence').as('first')).whereRef('audit_log.sequence', '>', 'audit_head.sequence').as('stray_after'),
    ])
    .where('id', '=', 1)
    .executeTakeFirstOrThrow();
  return { head, stray: before ?? after };
}
