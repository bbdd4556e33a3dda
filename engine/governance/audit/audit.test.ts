import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuditRecord, listAuditQuerySchema } from '../../../contracts/system.ts';
import { getAuditHead, insertAuditEntry, readAuditRecords } from '../../../db/repositories/audit.repository.ts';
import { auditChainStart, sealAuditRecord } from '../../../platform/audit-chain.ts';
import { hashJson } from '../../../platform/hash-json.ts';
import { newId } from '../../../platform/ids.ts';
import { createTestDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { exportAudit, listAudit, verifyAudit } from '../index.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => tamper('truncate audit_log', `update audit_head set sequence = 0, hash = '${auditChainStart.hash}'`));

const append = (action: string, entry: { actorId?: string; objectType?: string; objectId?: string; source?: string; before?: unknown; after?: unknown } = {}): Promise<void> =>
  database.db.transaction().execute((trx) => insertAuditEntry(trx, { actorId: null, actorName: 'Ana', objectType: 'agent', objectId: 'a', ...entry, action }));
const allRecords = () => readAuditRecords(database.db, { after: 0, upTo: Number.MAX_SAFE_INTEGER, limit: 1_000 });
/** What only somebody with the rights of the database's owner can do. */
const tamper = async (...statements: string[]): Promise<void> => {
  for (const statement of ['alter table audit_log disable trigger user', ...statements, 'alter table audit_log enable trigger user']) await sql.raw(statement).execute(database.db);
};
const forger = newId();
/** An entry that its writer put there without the head of the chain. */
const insertStray = async (sequence: number): Promise<void> => {
  const record = { sequence, at: new Date().toISOString(), actor_id: forger, actor_name: 'Bo', action: 'approval.approve', object_type: 'agent', object_id: 'a', before: null, after: null, request_id: null, source: null, previous_hash: (await getAuditHead(database.db)).hash };
  await database.db.insertInto('audit_log').values({ ...record, hash: sealAuditRecord(record) }).execute();
};
/** The same where the database has not always refused it. */
const strew = async (sequence: number): Promise<void> => {
  await sql.raw('alter table audit_log drop constraint audit_log_sequence_check').execute(database.db);
  await insertStray(sequence);
  await sql.raw('alter table audit_log add constraint audit_log_sequence_check check (sequence > 0) not valid').execute(database.db);
};

describe('the chain', () => {
  it('goes on over entries from before there were sources', async () => {
    const old = {
      sequence: 1, at: '2026-11-01T10:00:00.123Z', actor_id: null, actor_name: 'Maestro', action: 'user.create', object_type: 'user', object_id: 'u', before: null, after: { name: 'Ana' }, request_id: null, previous_hash: auditChainStart.hash,
    };
    const hash = hashJson(old);
    await database.db.insertInto('audit_log').values({ ...old, after: JSON.stringify(old.after), hash }).execute();
    await database.db.updateTable('audit_head').set({ sequence: 1, hash }).execute();
    await append('agent.create', { source: '203.0.113.7' });
    await append('agent.update');
    expect(await verifyAudit(database)).toMatchObject({ is_intact: true, entries: 3, broken_at: null, problem: null, head_hash: (await allRecords()).at(-1)?.hash });
    expect((await allRecords()).map((record) => record.source)).toEqual([null, '203.0.113.7', null]);
  });

  it('is kept by writers who come at the same time', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, index) => append('agent.update', { objectId: String(index), after: { index } })));
    expect(await verifyAudit(database)).toMatchObject({ is_intact: true, entries: 40 });
    expect(new Set((await allRecords()).map((record) => record.object_id)).size).toBe(40);
  });

  it('an empty log is whole', async () => {
    expect(await verifyAudit(database)).toMatchObject({ is_intact: true, entries: 0, head_hash: auditChainStart.hash });
  });

  it.each(['update audit_log set actor_name = \'Bo\'', 'delete from audit_log', 'truncate audit_log', 'truncate audit_log cascade'])('the database refuses: %s', async (statement) => {
    await append('agent.create');
    await expect(sql.raw(statement).execute(database.db)).rejects.toThrow('the audit log is append-only');
    expect(await allRecords()).toHaveLength(1);
  });

  it.each([
    [`update audit_log set after = '{"amount": 5000}' where sequence = 3`, 3, 'Entry 3 was changed: its hash does not fit what it says.'],
    [`update audit_log set source = null where sequence = 3`, 3, 'Entry 3 was changed: its hash does not fit what it says.'],
    [`delete from audit_log where sequence = 1`, 1, 'Entry 1 is missing.'],
    [`delete from audit_log where sequence in (2, 3)`, 2, 'Entries 2 to 3 are missing.'],
    [`delete from audit_log where sequence > 3`, 4, 'Entry 4 and all after it are missing.'],
    [`delete from audit_log`, 1, 'Entry 1 and all after it are missing.'],
  ])('%s, with the triggers off, is told', async (statement, brokenAt, problem) => {
    for (const amount of [1, 2, 3, 4, 5]) await append('agent.update', { after: { amount }, source: '203.0.113.7' });
    await tamper(statement);
    expect(await verifyAudit(database)).toMatchObject({ is_intact: false, broken_at: brokenAt, problem, entries: brokenAt - 1 });
  });

  it('a newest entry that was sealed anew is told', async () => {
    for (const amount of [1, 2]) await append('agent.update', { after: { amount } });
    const { hash: _, ...last } = (await allRecords())[1]!;
    const forged = sealAuditRecord({ ...last, after: { amount: 5_000 } });
    await tamper(`update audit_log set after = '{"amount": 5000}', hash = '${forged}' where sequence = 2`);
    expect(await verifyAudit(database)).toMatchObject({ is_intact: false, broken_at: 2, problem: 'Entry 2 is not the one that was written last.' });
  });

  it.each<[string, number, string]>([
    ['after the last one', 3, 'Entry 3 stands after the end of the log, which is entry 2.'],
    ['far after the last one', 1_000, 'Entry 1000 stands after the end of the log, which is entry 2.'],
    ['before the first one', 0, 'Entry 0 stands before the beginning of the log.'],
  ])('an entry put %s, sealed as it should be, is told, not listed and not exported', async (_, sequence, problem) => {
    for (const amount of [1, 2]) await append('agent.update', { after: { amount } });
    await strew(sequence);
    expect(await verifyAudit(database)).toMatchObject({ is_intact: false, entries: 2, broken_at: sequence, problem });
    expect((await listAudit(database, listAuditQuerySchema.parse({}))).items.map((entry) => entry.sequence)).toEqual([2, 1]);
    expect((await listAudit(database, listAuditQuerySchema.parse({ actor_id: forger }))).items).toEqual([]);
    const pieces: string[] = [];
    for await (const piece of await exportAudit(database, { fromSequence: 1 })) pieces.push(piece);
    expect(pieces.join('').trim().split('\n').map((line) => (JSON.parse(line) as AuditRecord).sequence)).toEqual([1, 2]);
  });

  it('the database refuses entries before the first one', async () => {
    await expect(insertStray(0)).rejects.toThrow('audit_log_sequence_check');
  });

  it('is verified over more entries than are read at once', async () => {
    await database.db.transaction().execute(async (trx) => {
      for (let index = 1; index <= 1_203; index++) await insertAuditEntry(trx, { actorId: null, actorName: 'Ana', action: 'agent.update', objectType: 'agent', objectId: String(index) });
    });
    expect(await verifyAudit(database)).toMatchObject({ is_intact: true, entries: 1_203 });
    const pieces: string[] = [];
    for await (const piece of await exportAudit(database, { fromSequence: 2 })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('').trim().split('\n').map((line) => JSON.parse(line) as unknown)).toEqual(await readAuditRecords(database.db, { after: 1, upTo: 2_000, limit: 2_000 }));
  });
});

it('an export ends with what was the newest entry when it began', async () => {
  await append('agent.create');
  const pieces = await exportAudit(database, { fromSequence: 1 });
  await append('agent.update');
  const lines: string[] = [];
  for await (const piece of pieces) lines.push(...piece.trim().split('\n'));
  expect(lines).toHaveLength(1);
  expect((await getAuditHead(database.db)).sequence).toBe(2);
});

describe('the list', () => {
  const ana = newId();
  const actionsFor = async (query: Record<string, string>): Promise<string[]> => (await listAudit(database, listAuditQuerySchema.parse(query))).items.map((entry) => entry.action);
  beforeEach(async () => {
    await append('approval.approve', { objectType: 'approval_request', actorId: ana });
    await append('approval.reject', { objectType: 'approval_request' });
    await append('approvals_of_another_kind');
    await append('approval_x', { objectId: 'b', actorId: ana });
  });

  it.each([
    [{ action: 'approval.*' }, ['approval.reject', 'approval.approve']],
    [{ action: 'approval_*' }, ['approval_x']],
    [{ action: '%' }, []],
    [{ action: '*' }, ['approval_x', 'approvals_of_another_kind', 'approval.reject', 'approval.approve']],
    [{ action: 'approval.reject' }, ['approval.reject']],
    [{ object_type: 'approval_request' }, ['approval.reject', 'approval.approve']],
    [{ actor_id: ana }, ['approval_x', 'approval.approve']],
    [{ actor_id: ana, object_type: 'agent' }, ['approval_x']],
    [{ object_id: 'b' }, ['approval_x']],
  ])('of %j', async (query, expected) => {
    expect(await actionsFor(query)).toEqual(expected);
  });

  it('of a time range: the begin belongs to it, the end does not', async () => {
    const [first, , , last] = await allRecords();
    const after = new Date(Date.parse(last!.at) + 1).toISOString();
    expect(await actionsFor({ from: first!.at, to: after })).toHaveLength(4);
    expect(await actionsFor({ to: first!.at })).toEqual([]);
    expect(await actionsFor({ from: after })).toEqual([]);
  });
});
