import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { getAuditHead, readAuditRecords } from '../../../db/repositories/audit.repository.ts';

const batchSize = 500;

async function* readPieces(db: Kysely<Database>, { fromSequence, upTo }: { fromSequence: number; upTo: number }): AsyncGenerator<string> {
  for (let after = fromSequence - 1; after < upTo; ) {
    const records = await readAuditRecords(db, { after, upTo, limit: batchSize });
    const last = records.at(-1);
    if (last === undefined) return;
    yield records.map((record) => `${JSON.stringify(record)}\n`).join('');
    after = last.sequence;
  }
}

/**
 * The audit log as NDJSON, in pieces of whole lines: from `fromSequence` up to the entry that is the newest now. A piece is read when
 * the one before was taken. `npm run verify-audit` verifies it.
 */
export async function exportAudit({ db }: { db: Kysely<Database> }, { fromSequence }: { fromSequence: number }): Promise<AsyncGenerator<string>> {
  const { sequence: upTo } = await getAuditHead(db);
  return readPieces(db, { fromSequence, upTo });
}
