import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPolicies } from '../../../safety/index.ts';
import { type ApiServer, startApiServer } from '../../../../tests/support/api-server.ts';
import type { Actor } from '../../actor.ts';
import { createPolicy, discardPolicyDraft, getPolicy, publishPolicy, rollBackPolicy, savePolicyDraft, turnOffPolicy } from '../index.ts';

let api: ApiServer;
let actor: Actor;
beforeAll(async () => {
  api = await startApiServer();
  actor = { userId: api.userIdOf('admin'), name: 'The admin' };
});
afterAll(() => api.close());

const deny = (tool: string, word = ''): string => `@reason("No ${tool} ${word}")\nforbid (principal, action, resource == Tool::"${tool}");`;
const publish = (policyId: string, revision: number) =>
  publishPolicy(api.deps, { policyId, body: { revision, note: 'n', reason_without_back_test: 'Nothing is recorded yet.', accepts_warnings: true }, actor });

describe('publishes at once', () => {
  it('lose no policy: every set has the set before with one policy changed, versions have no gaps', async () => {
    const policies = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => createPolicy(api.deps, { body: { name, cedar: deny('send_email', name) }, actor })));
    await Promise.all(policies.map(async ({ id, name, revision: first }) => {
      let revision = first;
      for (const round of [1, 2, 3, 4]) {
        const saved = await savePolicyDraft(api.deps, { policyId: id, body: { revision, cedar: deny('send_email', `${name}${round}`) }, actor });
        ({ revision } = await publish(id, saved.revision));
      }
    }));
    for (const { id } of policies) {
      const rows = await api.deps.db.selectFrom('policy_versions').select('version').where('policy_id', '=', id).orderBy('version').execute();
      expect(rows.map(({ version }) => version)).toEqual([1, 2, 3, 4]);
    }
    const sets = await api.deps.db.selectFrom('policy_sets').selectAll().orderBy('version').execute();
    expect(sets.map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    const expected = new Map<string, number>();
    for (const { members, changed_policy_id: id, from_version: from, to_version: to } of sets) {
      expect(from).toBe(expected.get(id) ?? null);
      expected.set(id, to ?? 0);
      expect(new Map(members.map((member) => [member.policy_id, member.version]))).toEqual(expected);
    }
    expect([...expected.values()]).toEqual([4, 4, 4, 4, 4]);
    for (const { id } of policies) await turnOffPolicy(api.deps, { policyId: id, body: { revision: (await getPolicy(api.deps, id)).revision, note: 'Over.' }, actor });
    const newest = await api.deps.db.selectFrom('policy_sets').selectAll().orderBy('version', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(newest).toMatchObject({ version: 25, members: [] });
  });
});

describe('a save, a publish and a discard of the same draft at once', () => {
  it.each([['save', 'publish', 'discard'], ['publish', 'discard', 'save'], ['discard', 'save', 'publish']] as const)('one wins (%s, %s, %s), and what is in force is the newest set', async (...order) => {
    const { id, revision } = await createPolicy(api.deps, { body: { name: order.join(' '), cedar: deny('run_sql') }, actor });
    const doors = {
      save: () => savePolicyDraft(api.deps, { policyId: id, body: { revision, cedar: deny('run_sql', 'again') }, actor }),
      publish: () => publish(id, revision),
      discard: () => discardPolicyDraft(api.deps, { policyId: id, revision, actor }),
    };
    const outcomes = await Promise.allSettled(order.map(async (door) => doors[door]()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const losers = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [(outcome.reason as { code?: string }).code] : []));
    expect(losers.every((code) => code === 'POLICY_CHANGED' || code === 'POLICY_NOT_FOUND')).toBe(true);
    const live = await api.deps.db.selectFrom('policies').select(['id as policy_id', 'live_version as version']).where('live_version', 'is not', null).orderBy('id').execute();
    const newest = await api.deps.db.selectFrom('policy_sets').select('members').orderBy('version', 'desc').limit(1).executeTakeFirstOrThrow();
    expect(newest.members.toSorted((a, b) => (a.policy_id < b.policy_id ? -1 : 1))).toEqual(live);
  });
});

describe('what is in force', () => {
  const verdictOf = async (policies: ApiServer['deps']['policies'], options?: { maxAgeMs?: number }) => {
    const set = await policies.current(options);
    const agent = { id: '00000000-0000-4000-8000-000000000000', name: 'A', version: 1, tags: [] };
    const facts = { agent, run: { iterations: 1, tool_calls: 1, calls_of_tool: 1, tokens: 1, cost_micro_usd: 1 }, taint: { read_from: [], copied_from: [] }, at: '2026-06-01T12:00:00.000Z', environment: 'test', arguments: {}, numbers: {} };
    return set.judge({ toolName: 'web_search', riskLevel: 'LOW', effect: 'none', facts }).verdict;
  };

  it('changes with publishing, turning off and rolling back, in this process at once and in another with its next look', async () => {
    let now = 0;
    const elsewhere = createPolicies({ db: api.deps.db, environment: 'test' }, () => now);
    const expectVerdicts = async (verdict: string) => {
      expect(await verdictOf(api.deps.policies)).toBe(verdict);
      // Two seconds later, whatever it remembered.
      now += 2_000;
      expect(await verdictOf(elsewhere)).toBe(verdict);
    };
    await expectVerdicts('allow');
    const created = await createPolicy(api.deps, { body: { name: 'No search', cedar: deny('web_search') }, actor });
    await expectVerdicts('allow');
    const live = await publish(created.id, created.revision);
    await expectVerdicts('deny');
    const saved = await savePolicyDraft(api.deps, { policyId: live.id, body: { revision: live.revision, cedar: deny('web_search').replace('action,', 'action == Action::"use_unattended",') }, actor });
    await expectVerdicts('deny');
    const asking = await publish(live.id, saved.revision);
    await expectVerdicts('ask');
    const back = await rollBackPolicy(api.deps, { policyId: live.id, body: { revision: asking.revision, version: 1, note: 'Too loose.' }, actor });
    await expectVerdicts('deny');
    const off = await turnOffPolicy(api.deps, { policyId: live.id, body: { revision: back.revision, note: 'Over.' }, actor });
    await expectVerdicts('allow');
    await rollBackPolicy(api.deps, { policyId: live.id, body: { revision: off.revision, version: 2, note: 'Again.' }, actor });
    await expectVerdicts('ask');
    expect(await verdictOf(createPolicies({ db: api.deps.db, environment: 'test' }))).toBe('ask');
  });
});

describe('history', () => {
  it('is never changed, deleted or emptied, not even past the api', async () => {
    const { db } = api.deps;
    for (const table of ['policy_versions', 'policy_sets'] as const) {
      expect(await db.selectFrom(table).selectAll().limit(1).execute()).toHaveLength(1);
      const before = await db.selectFrom(table).selectAll().execute();
      await expect(db.updateTable(table).set({ note: 'another' }).execute()).rejects.toThrow('immutable');
      await expect(db.deleteFrom(table).execute()).rejects.toThrow('immutable');
      await expect(sql`truncate ${sql.table(table)} cascade`.execute(db)).rejects.toThrow('immutable');
      expect(await db.selectFrom(table).selectAll().execute()).toEqual(before);
    }
    await expect(db.updateTable('policy_versions').set({ cedar: '' }).execute()).rejects.toThrow('immutable');
    await expect(db.updateTable('policy_sets').set({ members: '[]' }).execute()).rejects.toThrow('immutable');
  });

  it('keeps the name of somebody whose account is gone', async () => {
    const { db } = api.deps;
    const { policy_id: id } = await db.selectFrom('policy_versions').select('policy_id').limit(1).executeTakeFirstOrThrow();
    await db.updateTable('policy_versions').set({ created_by: null }).where('policy_id', '=', id).execute();
    expect(await db.selectFrom('policy_versions').select(['created_by', 'created_by_name']).where('policy_id', '=', id).limit(1).execute()).toEqual([{ created_by: null, created_by_name: 'The admin' }]);
  });
});
