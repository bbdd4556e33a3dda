import type { Kysely } from 'kysely';
import type { AuditVerification } from '../../../contracts/system.ts';
import type { Database } from '../../../db/database.ts';
import { readAuditRecords, surveyAudit } from '../../../db/repositories/audit.repository.ts';
import { type AuditLink, auditChainStart, findAuditFlaw } from '../../../platform/audit-chain.ts';

const batchSize = 1_000;

interface Flaw {
  sequence: number;
  problem: string;
}

/** The first entry that does not fit, with why, and where the chain ends that does. */
async function followChain(db: Kysely<Database>, head: AuditLink): Promise<{ last: AuditLink; flaw?: Flaw }> {
  let last = auditChainStart;
  while (last.sequence < head.sequence) {
    const records = await readAuditRecords(db, { after: last.sequence, upTo: head.sequence, limit: batchSize });
    if (records.length === 0) return { last, flaw: { sequence: last.sequence + 1, problem: `Entry ${last.sequence + 1} and all after it are missing.` } };
    for (const record of records) {
      const problem = findAuditFlaw(last, record);
      if (problem !== undefined) return { last, flaw: { sequence: Math.min(record.sequence, last.sequence + 1), problem } };
      last = { sequence: record.sequence, hash: record.hash };
    }
  }
  return last.hash === head.hash ? { last } : { last, flaw: { sequence: last.sequence, problem: `Entry ${last.sequence} is not the one that was written last.` } };
}

/** What is wrong with an entry that is no link of the chain: whoever put it there went past the head. */
const toStrayFlaw = (sequence: number, head: AuditLink): Flaw => ({
  sequence, problem: sequence > head.sequence ? `Entry ${sequence} stands after the end of the log, which is entry ${head.sequence}.` : `Entry ${sequence} stands before the beginning of the log.`,
});

/** Follows the chain of the audit log from its first entry to what is the newest one now, and looks for entries outside it. */
export async function verifyAudit({ db }: { db: Kysely<Database> }): Promise<AuditVerification> {
  const { head, stray } = await surveyAudit(db);
  const { last, flaw = stray === null ? undefined : toStrayFlaw(stray, head) } = await followChain(db, head);
  return { is_intact: flaw === undefined, entries: last.sequence, broken_at: flaw?.sequence ?? null, problem: flaw?.problem ?? null, head_hash: head.hash, checked_at: new Date().toISOString() };
}
