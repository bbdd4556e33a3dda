import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Page, PageQuery } from '../../contracts/pagination.ts';
import type { AuditEntry } from '../../contracts/system.ts';
import type { Database } from '../../db/database.ts';
import { listAuditEntries } from '../../db/repositories/audit.repository.ts';
import { parsePageCursor } from '../../platform/page-cursor.ts';
import { toPage } from '../../platform/to-page.ts';

/** The audit log, newest first. Throws CURSOR_INVALID. */
export async function listAudit({ db }: { db: Kysely<Database> }, query: PageQuery & { object_id?: string | undefined; action?: string | undefined }): Promise<Page<AuditEntry>> {
  const beforeSequence = parsePageCursor(z.int().positive(), query.cursor);
  const entries = await listAuditEntries(db, { beforeSequence, objectId: query.object_id, action: query.action, limit: query.limit + 1 });
  return toPage(entries, { limit: query.limit, keyOf: (entry) => entry.sequence, toItem: (entry) => entry });
}
