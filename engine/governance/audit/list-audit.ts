import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Page } from '../../../contracts/pagination.ts';
import type { AuditEntry, ListAuditQuery } from '../../../contracts/system.ts';
import type { Database } from '../../../db/database.ts';
import { listAuditEntries } from '../../../db/repositories/audit.repository.ts';
import { parsePageCursor } from '../../../platform/page-cursor.ts';
import { toPage } from '../../../platform/to-page.ts';

/** The audit log, newest first. Throws CURSOR_INVALID. */
export async function listAudit({ db }: { db: Kysely<Database> }, query: ListAuditQuery): Promise<Page<AuditEntry>> {
  const { cursor, limit, object_id: objectId, object_type: objectType, actor_id: actorId, action, from, to } = query;
  const beforeSequence = parsePageCursor(z.int().positive(), cursor);
  const entries = await listAuditEntries(db, { beforeSequence, objectId, objectType, actorId, action, from, to, limit: limit + 1 });
  return toPage(entries, { limit, keyOf: (entry) => entry.sequence, toItem: (entry) => entry });
}
