import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ApprovalTerms } from '../../contracts/approvals.ts';
import { createSecretBox } from '../../platform/secret-box.ts';
import { type ApprovalWorld, createApprovalWorld, demand, termsWith } from '../../tests/support/approvals.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { type MailServer, startMailServer } from '../../tests/support/mail-server.ts';
import { noSecrets } from '../../tests/support/tools.ts';
import { expireApproval, extendApproval, listDeciderIds, settleApproval } from '../hitl/index.ts';
import { createDelegation, updateUser } from '../people/index.ts';
import { countApprovals, getApproval, listApprovals } from '../traces/index.ts';
import { deliverNotices, type NoticeDeps, setNoticePreferences } from './index.ts';

// From a request to who reads of it, nobody having chosen anything: by e-mail, and by what the app calls theirs.
const names = ['ana', 'ben', 'cem', 'dora', 'olga', 'vera'] as const;
type Name = (typeof names)[number];
/** Everybody who may decide at all; Dora is an admin, Olga an operator, Vera a viewer. */
const approvers: Name[] = ['ana', 'ben', 'cem', 'dora'];

let database: TestDatabase;
let world: ApprovalWorld;
let mail: MailServer;
let deps: NoticeDeps;
let groupId: string;
const idOf = {} as Record<Name, string>;

beforeAll(async () => {
  [database, mail] = await Promise.all([createTestDatabase(), startMailServer()]);
  world = createApprovalWorld(database.db);
  for (const name of names) idOf[name] = await world.addPerson(name, name === 'dora' ? 'admin' : name === 'olga' ? 'operator' : name === 'vera' ? 'viewer' : 'approver');
  groupId = await world.addGroup('finance', []);
  deps = {
    db: database.db, secretBox: createSecretBox('0'.repeat(64)), secrets: noSecrets, listDeciderIds,
    config: { http: { host: '127.0.0.1', port: 8000, publicUrl: undefined }, mail: { smtpUrl: mail.url, from: 'Maestro <maestro@example.com>' }, tools: { httpAllowHosts: [] } },
  };
});
afterAll(async () => {
  await mail.close();
  await database.close();
});
beforeEach(async () => {
  const { db } = database;
  mail.received.length = 0;
  await db.deleteFrom('notices').execute();
  await db.deleteFrom('delegations').execute();
  await db.deleteFrom('notice_preferences').execute();
  await db.deleteFrom('hitl_requests').execute();
  await db.updateTable('users').set({ is_disabled: false }).execute();
  for (const name of approvers) await db.updateTable('users').set({ role: name === 'dora' ? 'admin' : 'approver' }).where('id', '=', idOf[name]).execute();
  await db.deleteFrom('approver_group_members').execute();
  await join('ana', 'ben');
  onTerms({});
});

const onTerms = (terms: Partial<ApprovalTerms>): void => {
  world.rule = () => ({ terms: termsWith(terms) });
};
const join = (...members: Name[]) => database.db.insertInto('approver_group_members').values(members.map((name) => ({ group_id: groupId, user_id: idOf[name] }))).execute();
const leave = (name: Name) => database.db.deleteFrom('approver_group_members').where('user_id', '=', idOf[name]).execute();
const admin = { userId: null, name: 'Test' };
const disable = (name: Name) => updateUser(deps, { userId: idOf[name], body: { is_disabled: true }, actor: admin });
const demote = (name: Name) => updateUser(deps, { userId: idOf[name], body: { role: 'viewer' }, actor: admin });
const away = (from: Name, to: Name) =>
  createDelegation(deps, { body: { from_user_id: idOf[from], to_user_id: idOf[to], starts_at: new Date(Date.now() - 60_000).toISOString(), ends_at: new Date(Date.now() + 3_600_000).toISOString(), note: '' }, actor: { userId: idOf.dora, name: 'dora', role: 'admin' } });

/** Who got mail since the last look, in order of their names; each as often as they got some. */
async function mailed(): Promise<string[]> {
  await deliverNotices(deps);
  return mail.received.splice(0).flatMap(({ to }) => to.map((address) => address.slice(0, address.indexOf('.')))).toSorted();
}
/** Whose own a request is in the app, by each door: the mark on it, the filter, the count. */
async function ownIn(requestId: string): Promise<Record<'mark' | 'filter' | 'count', Name[]>> {
  const own = { mark: [] as Name[], filter: [] as Name[], count: [] as Name[] };
  for (const name of names) {
    const reader = { userId: idOf[name], role: 'approver' as const };
    if ((await getApproval(deps, requestId, reader)).concerns_me) own.mark.push(name);
    if ((await listApprovals(deps, { limit: 50, mine: true, status: ['pending'] }, reader)).items.some(({ id }) => id === requestId)) own.filter.push(name);
    if ((await countApprovals(deps, reader)).mine === 1) own.count.push(name);
  }
  return own;
}
const alike = (whose: Name[]) => ({ mark: whose, filter: whose, count: whose });

const finance = [demand(['group:finance'])];
interface Case {
  terms?: Partial<ApprovalTerms>;
  startedBy?: Name;
  before?: () => Promise<unknown>;
  hears: Name[];
  alsoInApp?: Name[];
}
test.each<[string, Case]>([
  ['that names nobody: everybody who may decide', { hears: approvers }],
  ['that names nobody, of a run an approver started who may say yes to it: them as well', { startedBy: 'ana', hears: approvers }],
  ['that names nobody, with four eyes: everybody but who started the run, who sees it in the app', { terms: { forbids_self_approval: true }, startedBy: 'ana', hears: ['ben', 'cem', 'dora'], alsoInApp: ['ana'] }],
  ['that wants two of anybody: everybody', { terms: { requirements: [demand([], 2)] }, hears: approvers }],
  ['of a run that an operator started: who may decide, and the operator in the app', { startedBy: 'olga', hears: approvers, alsoInApp: ['olga'] }],
  ['that names a group: its members', { terms: { requirements: finance }, hears: ['ana', 'ben'] }],
  ['that names a group, with four eyes: its other members', { terms: { requirements: finance, forbids_self_approval: true }, startedBy: 'ana', hears: ['ben'], alsoInApp: ['ana'] }],
  ['that names a role: who has it', { terms: { requirements: [demand(['role:admin'])] }, hears: ['dora'] }],
  ['that names a group which does for whoever else is asked for: its members', { terms: { requirements: [demand(['group:finance'], 2), demand([], 2, 'two')] }, hears: ['ana', 'ben'] }],
  ['that takes more people than the group it names: everybody', { terms: { requirements: [...finance, demand([], 2, 'two')] }, hears: approvers }],
  ['that names a group, one of whom is away: them, and who decides for them', { terms: { requirements: finance }, before: () => away('ana', 'cem'), hears: ['ana', 'ben', 'cem'] }],
  ['that names nobody, one being away: everybody else', { before: () => away('ana', 'cem'), hears: ['ben', 'cem', 'dora'] }],
  ['that names nobody, all being away: everybody', { before: async () => { await away('ana', 'ben'); await away('ben', 'cem'); await away('cem', 'dora'); await away('dora', 'ana'); }, hears: approvers }],
  ['that names nobody: not who is disabled', { before: () => disable('ben'), hears: ['ana', 'cem', 'dora'] }],
  ['that names nobody: not whose role no longer decides', { before: () => demote('ben'), hears: ['ana', 'cem', 'dora'] }],
  ['that names a group: not who left it', { terms: { requirements: finance }, before: () => leave('ben'), hears: ['ana'] }],
  ['that names a group: not its member who is disabled', { terms: { requirements: finance }, before: () => disable('ben'), hears: ['ana'] }],
])('a request %s', async (_what, { terms, startedBy, before, hears, alsoInApp = [] }) => {
  onTerms(terms ?? {});
  await before?.();
  const { requestId } = await world.ask({ startedBy: startedBy === undefined ? null : idOf[startedBy] });
  expect(await mailed()).toEqual(hears);
  expect(await ownIn(requestId)).toEqual(alike([...hears, ...alsoInApp].toSorted()));
});

test('nobody reads of what they did themselves: voting, editing, extending', async () => {
  onTerms({ requirements: [demand([], 3)] });
  const { requestId } = await world.ask();
  await mailed();
  const approve = (by: Name, editedArguments?: Record<string, unknown>) => settleApproval(world.deps, { requestId, verdict: 'approve', actor: { userId: idOf[by], name: by }, door: 'api', editedArguments });
  await approve('ana');
  expect(await mailed()).toEqual(['ben', 'cem', 'dora']);
  await approve('ben', { amount: 40 });
  expect(await mailed()).toEqual(['ana', 'cem', 'dora']);
  // As if a minute had passed, else the fourth mail within it would wait.
  await database.db.deleteFrom('notices').execute();
  await extendApproval(world.deps, { requestId, actor: { userId: idOf.cem, name: 'cem' }, expiresAt: new Date(Date.now() + 48 * 3_600_000), seen: {} });
  expect(await mailed()).toEqual(['ana', 'ben', 'dora']);
});

test('a request that is escalated concerns those it is escalated to from then on, and those it named still', async () => {
  onTerms({ requirements: finance, escalations: [{ after_seconds: 60, approvers: ['role:admin'] }] });
  const { requestId } = await world.ask();
  expect(await mailed()).toEqual(['ana', 'ben']);
  expect(await ownIn(requestId)).toEqual(alike(['ana', 'ben']));
  await database.db.updateTable('hitl_requests').set({ requested_at: new Date(Date.now() - 61_000) } as never).where('id', '=', requestId).execute();
  await expireApproval(world.deps, { requestId });
  expect(await mailed()).toEqual(['ana', 'ben', 'dora']);
  expect(await ownIn(requestId)).toEqual(alike(['ana', 'ben', 'dora']));
});

test('what one policy escalates is no concern of whom another one\'s demand leaves out', async () => {
  onTerms({ requirements: [demand([], 1, 'open'), ...finance], escalations: [{ after_seconds: 60, approvers: ['role:admin'], policy_id: 'open' }] });
  const { requestId } = await world.ask();
  await database.db.updateTable('hitl_requests').set({ requested_at: new Date(Date.now() - 61_000) } as never).where('id', '=', requestId).execute();
  await expireApproval(world.deps, { requestId });
  expect(await ownIn(requestId)).toEqual(alike(['ana', 'ben']));
});

test('of fifty requests at once each of those they concern gets one mail', async () => {
  for (let n = 0; n < 50; n++) await world.ask();
  expect(await mailed()).toEqual(approvers);
  expect(await mailed()).toEqual([]);
});

test('who left, lost the role or was disabled before the mail went out gets none', async () => {
  await join('cem', 'dora');
  onTerms({ requirements: finance });
  await world.ask();
  await leave('ana');
  await disable('ben');
  await demote('cem');
  expect(await mailed()).toEqual(['dora']);
  const dropped = await database.db.selectFrom('notices').select('detail').where('state', '=', 'dropped').execute();
  expect(dropped.map(({ detail }) => detail).toSorted()).toEqual(['The person no longer decides on it.', 'The person no longer decides on it.', 'The person no longer signs in here.']);
});

test('who chose all hears of what names others, who chose nothing does not', async () => {
  await setNoticePreferences(deps, { userId: idOf.cem, preferences: { email: 'all', in_app: 'all', quiet_hours: null } });
  onTerms({ requirements: [demand([`user:${idOf.ana}`]), demand(['role:approver'], 1, 'others')] });
  await world.ask();
  expect(await mailed()).toEqual(['ana', 'ben', 'cem']);
  onTerms({ requirements: [demand([`user:${idOf.ana}`]), demand([], 1, 'others')] });
  await world.ask();
  expect(await mailed()).toEqual(['ana', 'cem']);
});
