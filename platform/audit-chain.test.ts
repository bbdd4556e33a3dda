import { describe, expect, it } from 'vitest';
import type { AuditRecord } from '../contracts/system.ts';
import { type AuditLink, auditChainStart, findAuditFlaw, sealAuditRecord } from './audit-chain.ts';
import { hashJson } from './hash-json.ts';

const recordAfter = (last: AuditLink, change: Partial<AuditRecord> = {}): AuditRecord => {
  const record = {
    sequence: last.sequence + 1, at: '2026-11-29T08:00:00.000Z', actor_id: null, actor_name: 'Ana', action: 'agent.update', object_type: 'agent', object_id: 'a', before: { tools: ['run_sql'] },
    after: null, request_id: 'r-1', source: '203.0.113.7', previous_hash: last.hash, ...change,
  };
  return { ...record, hash: sealAuditRecord(record) };
};
const first = recordAfter(auditChainStart);
const second = recordAfter(first);

describe('an entry of the audit chain', () => {
  it('fits after the one before', () => {
    expect(findAuditFlaw(auditChainStart, first)).toBeUndefined();
    expect(findAuditFlaw(first, second)).toBeUndefined();
  });

  it('without a source is sealed as entries were before there were sources', () => {
    const { source: _, hash, ...old } = recordAfter(auditChainStart, { source: null });
    expect(hash).toBe(hashJson(old));
  });

  it.each([
    ['actor_id', '0193'], ['actor_name', 'Bo'], ['action', 'agent.delete'], ['object_type', 'run'], ['object_id', 'b'], ['before', { tools: ['run_sql', 'send_email'] }], ['after', 1],
    ['request_id', null], ['source', '198.51.100.1'], ['source', null], ['at', '2026-11-29T08:00:00.001Z'], ['hash', 'f'.repeat(64)],
  ])('whose %s was made %j is noticed', (column, value) => {
    expect(findAuditFlaw(first, { ...second, [column]: value })).toBe('Entry 2 was changed: its hash does not fit what it says.');
  });

  it.each<[string, AuditLink, AuditRecord, string]>([
    ['that stands twice', second, second, 'Entry 2 stands there twice.'],
    ['after a later one', second, first, 'Entry 1 stands after entry 2.'],
    ['after one that is gone', auditChainStart, second, 'Entry 1 is missing.'],
    ['after some that are gone', first, recordAfter({ sequence: 4, hash: 'e'.repeat(64) }), 'Entries 2 to 4 are missing.'],
    ['sealed anew after another one', first, recordAfter({ sequence: 1, hash: 'e'.repeat(64) }), 'Entry 2 does not follow entry 1: one of the two was replaced.'],
    ['that begins with something before it', auditChainStart, recordAfter({ sequence: 0, hash: 'e'.repeat(64) }), 'Entry 1 is not the beginning of a log.'],
  ])('%s is noticed', (_, last, record, flaw) => {
    expect(findAuditFlaw(last, record)).toBe(flaw);
  });
});
