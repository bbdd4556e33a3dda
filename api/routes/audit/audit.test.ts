import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditRecordSchema } from '../../../contracts/system.ts';
import { auditChainStart, findAuditFlaw } from '../../../platform/audit-chain.ts';
import { type ApiServer, readError, startApiServer } from '../../../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

describe('the audit log', () => {
  it('is read newest first, page by page without gaps, by object and action', async () => {
    const all = await api.call('listAudit', { as: 'viewer', query: '?limit=200' });
    expect(all.items.length).toBeGreaterThanOrEqual(8);
    const seen: number[] = [];
    let cursor = '';
    do {
      const page = await api.call('listAudit', { as: 'viewer', query: `?limit=3${cursor}` });
      seen.push(...page.items.map((entry) => entry.sequence));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(all.items.map((entry) => entry.sequence));
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    const signIns = await api.call('listAudit', { as: 'viewer', query: `?action=session.sign_in&object_id=${api.userIdOf('operator')}` });
    expect(signIns.items).toMatchObject([{ actor: { name: 'The operator' }, after: { method: 'password' } }]);
  });

  it('is read by kind of object and action, person and time', async () => {
    const page = await api.call('listAudit', { as: 'viewer', query: `?action=session.*&object_type=user&actor_id=${api.userIdOf('approver')}&from=2026-01-01T00:00:00.000Z` });
    expect(page.items).toMatchObject([{ action: 'session.sign_in', actor: { user_id: api.userIdOf('approver') } }]);
    expect((await api.call('listAudit', { as: 'viewer', query: '?to=2020-01-01T00:00:00.000Z' })).items).toEqual([]);
    for (const query of ['?actor_id=me', '?from=yesterday', '?verb=x']) expect(await api.refusal('listAudit', { as: 'viewer', query })).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
  });

  it('says from where somebody acted: signing in, being refused, and all they do then', async () => {
    await api.request('POST', '/api/auth/token', { body: { email: 'operator@example.com', password: 'not the right one' } });
    const agent = await api.call('createAgent', { as: 'operator', body: { name: 'Sourced', purpose: 'To be tested.', llm_provider: 'openai', llm_model: 'test-model', tools: [] } });
    const { items } = await api.call('listAudit', { as: 'viewer', query: '?limit=200' });
    const sourceOf = (action: string) => items.find((entry) => entry.action === action)?.source;
    expect(['session.sign_in', 'session.sign_in_refused', 'agent.create'].map(sourceOf)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    // Maestro itself acts from nowhere.
    expect(sourceOf('user.create')).toBeNull();
    expect(items.find((entry) => entry.object_id === agent.id)?.request_id).not.toBeNull();
  });

  it('is verified from its first entry on, until one was changed behind its back', async () => {
    const { items: [newest] } = await api.call('listAudit', { as: 'viewer', query: '?limit=1' });
    expect(await api.call('verifyAudit', { as: 'viewer' })).toMatchObject({ is_intact: true, entries: newest?.sequence, broken_at: null, problem: null, head_hash: newest?.hash });
    const rename = (name: string) => sql`update audit_log set actor_name = ${name} where sequence = 2`.execute(api.deps.db);
    const { actor_name: name } = await api.deps.db.selectFrom('audit_log').select('actor_name').where('sequence', '=', 2).executeTakeFirstOrThrow();
    await sql`alter table audit_log disable trigger user`.execute(api.deps.db);
    await rename('Somebody else');
    expect(await api.call('verifyAudit', { as: 'viewer' })).toMatchObject({ is_intact: false, entries: 1, broken_at: 2, problem: 'Entry 2 was changed: its hash does not fit what it says.' });
    await rename(name);
    await sql`alter table audit_log enable trigger user`.execute(api.deps.db);
    expect(await api.call('verifyAudit', { as: 'viewer' })).toMatchObject({ is_intact: true });
  });

  it('is exported line by line as its hashes cover it, whole or from an entry on', async () => {
    const response = await api.request('GET', '/api/audit/export', { as: 'viewer' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="?maestro-audit-\d{4}-\d\d-\d\d\.ndjson"?$/);
    const text = await response.text();
    const records = text.trimEnd().split('\n').map((line) => auditRecordSchema.parse(JSON.parse(line)));
    const { entries } = await api.call('verifyAudit', { as: 'viewer' });
    expect(records).toHaveLength(entries);
    let last = auditChainStart;
    for (const record of records) {
      expect(findAuditFlaw(last, record)).toBeUndefined();
      last = record;
    }
    const part = await api.request('GET', '/api/audit/export', { as: 'viewer', query: '?from_sequence=3' });
    expect(await part.text()).toBe(text.split('\n').slice(2).join('\n'));
    expect(await (await api.request('GET', '/api/audit/export', { as: 'viewer', query: `?from_sequence=${entries + 1}` })).text()).toBe('');
  });

  it('is exported to people signed in only, and by a number only', async () => {
    expect(await readError(await api.request('GET', '/api/audit/export'))).toMatchObject({ status: 401 });
    for (const query of ['?from_sequence=0', '?from_sequence=x', '?from=1']) expect(await readError(await api.request('GET', '/api/audit/export', { as: 'viewer', query }))).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(await api.refusal('verifyAudit')).toMatchObject({ status: 401 });
  });

  it('is open to everybody signed in, and to nobody else', async () => {
    for (const role of ['viewer', 'operator', 'approver', 'admin'] as const) await api.call('listAudit', { as: role });
    expect(await api.refusal('listAudit')).toMatchObject({ status: 401 });
    expect(await api.refusal('listAudit', { as: 'viewer', query: '?cursor=x' })).toMatchObject({ status: 400, code: 'CURSOR_INVALID' });
  });
});
