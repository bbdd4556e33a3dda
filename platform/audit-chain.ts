import type { AuditRecord } from '../contracts/system.ts';
import { hashJson } from './hash-json.ts';

/** A place in the chain of the audit log: the next entry has the following sequence and carries this hash. */
export interface AuditLink {
  sequence: number;
  hash: string;
}

/** What the very first entry follows. */
export const auditChainStart: AuditLink = { sequence: 0, hash: '0'.repeat(64) };

/**
 * The hash of an entry: over every column but the hash itself, the hash before it included. Entries without a source are hashed
 * without that name, as all were before there were sources.
 */
export const sealAuditRecord = ({ source, ...record }: Omit<AuditRecord, 'hash'>): string => hashJson({ ...record, ...(source === null ? {} : { source }) });

/** What is wrong with an entry that is to follow `last`, as a sentence; undefined when it fits. */
export function findAuditFlaw(last: AuditLink, { hash, ...record }: AuditRecord): string | undefined {
  const { sequence } = record;
  const missing = sequence - last.sequence - 1;
  if (missing === 1) return `Entry ${sequence - 1} is missing.`;
  if (missing > 1) return `Entries ${last.sequence + 1} to ${sequence - 1} are missing.`;
  if (missing < 0) return sequence === last.sequence ? `Entry ${sequence} stands there twice.` : `Entry ${sequence} stands after entry ${last.sequence}.`;
  if (sealAuditRecord(record) !== hash) return `Entry ${sequence} was changed: its hash does not fit what it says.`;
  if (record.previous_hash !== last.hash) return last.sequence === 0 ? 'Entry 1 is not the beginning of a log.' : `Entry ${sequence} does not follow entry ${last.sequence}: one of the two was replaced.`;
  return undefined;
}
