import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AppError } from '../../contracts/errors.ts';
import { listAuditEntries } from '../../db/repositories/audit.repository.ts';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database.ts';
import { systemActor, verifyAudit } from '../governance/index.ts';
import { changePassword, createSignInLink, createUser, ensureAdmin, listUsers, renewSession, signIn, signInWithLink, signOut, SignInThrottle, updateUser } from './index.ts';

let database: TestDatabase;
let throttle: SignInThrottle;
const renewalKey = 'key for tests';
const password = 'correct horse battery';

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());
beforeEach(() => {
  throttle = new SignInThrottle();
});

let counter = 0;
const addUser = (role: 'viewer' | 'operator' | 'approver' | 'admin' = 'viewer', name = 'Ana') =>
  createUser({ db: database.db }, { body: { email: `person${++counter}@example.com`, name, role, password }, actor: systemActor });
const enter = (email: string, given = password) => signIn({ db: database.db, throttle }, { body: { email, password: given } });
const renew = (renewalToken: string) => renewSession({ db: database.db, renewalKey }, { renewalToken });
const codeOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'no error', (error: AppError) => error.code);

test('a person signs in with the password they were given, whatever the case of the address', async () => {
  const user = await addUser();
  const session = await enter(user.email.toUpperCase());
  expect(session.user).toEqual(user);
  const { secret_hash: kept } = await database.db.selectFrom('sessions').select('secret_hash').where('id', '=', session.sessionId).executeTakeFirstOrThrow();
  expect(session.renewalToken).not.toContain(kept);
});

test('a wrong password, an unknown address, no password at all and a disabled person are refused alike', async () => {
  const user = await addUser();
  const disabled = await addUser();
  await updateUser({ db: database.db }, { userId: disabled.id, body: { is_disabled: true }, actor: systemActor });
  const { userId } = await ensureAdmin({ db: database.db }, { email: 'no-password@example.com' });
  expect(userId).toBeDefined();
  const attempts = [enter(user.email, 'wrong password'), enter('nobody@example.com'), enter('no-password@example.com'), enter(disabled.email)];
  expect(await Promise.all(attempts.map(codeOf))).toEqual(attempts.map(() => 'CREDENTIALS_INVALID'));
});

test('a refused sign-in is audited by person and never repeats what was typed', async () => {
  const user = await addUser();
  await codeOf(enter(user.email, 'secret that was mistyped'));
  await codeOf(enter('typed my password here by mistake'));
  const entries = await listAuditEntries(database.db, { action: 'session.sign_in_refused', limit: 2 });
  expect(entries.map((entry) => entry.object_id)).toEqual(['unknown', user.id]);
  expect(JSON.stringify(entries)).not.toMatch(/mistyped|mistake/);
});

test('each renewal token is good once: the successor works, and the old one ends the session when its grace is over', async () => {
  const { renewalToken: first, sessionId } = await enter((await addUser()).email);
  const { renewalToken: second } = await renew(first);
  const { renewalToken: third } = await renew(second);
  expect(new Set([first, second, third]).size).toBe(3);
  await database.db.updateTable('sessions').set({ rotated_at: new Date(Date.now() - 61_000) }).where('id', '=', sessionId).execute();
  expect(await codeOf(renew(second))).toBe('UNAUTHENTICATED');
  expect(await codeOf(renew(third))).toBe('UNAUTHENTICATED');
  expect(await listAuditEntries(database.db, { action: 'session.secret_reused', limit: 1 })).toHaveLength(1);
});

test('renewals at the same moment, and one repeated because its answer was lost, get the same successor', async () => {
  const { renewalToken } = await enter((await addUser()).email);
  const answers = await Promise.all(Array.from({ length: 5 }, () => renew(renewalToken)));
  expect(new Set(answers.map((answer) => answer.renewalToken)).size).toBe(1);
  await expect(renew(answers[0]?.renewalToken ?? '')).resolves.toBeDefined();
});

test('text that is no renewal token, an expired session and one of another key renew nothing', async () => {
  const { renewalToken, sessionId } = await enter((await addUser()).email);
  for (const token of ['', 'x', `${sessionId}.`, `${sessionId}.${'A'.repeat(43)}x`, `${sessionId}' or 1=1`]) expect(await codeOf(renew(token))).toBe('UNAUTHENTICATED');
  await database.db.updateTable('sessions').set({ expires_at: new Date(Date.now() - 1) }).where('id', '=', sessionId).execute();
  expect(await codeOf(renew(renewalToken))).toBe('UNAUTHENTICATED');
});

test('a guessed secret of a known session ends that session', async () => {
  const { renewalToken, sessionId } = await enter((await addUser()).email);
  expect(await codeOf(renew(`${sessionId}.${'A'.repeat(43)}`))).toBe('UNAUTHENTICATED');
  expect(await codeOf(renew(renewalToken))).toBe('UNAUTHENTICATED');
});

test('signing out ends the session once', async () => {
  const { renewalToken, sessionId } = await enter((await addUser()).email);
  expect(await signOut({ db: database.db }, { renewalToken })).toBe(sessionId);
  expect(await signOut({ db: database.db }, { renewalToken })).toBeUndefined();
  expect(await codeOf(renew(renewalToken))).toBe('UNAUTHENTICATED');
});

test('disabling a person ends their sessions and links', async () => {
  const user = await addUser();
  const { renewalToken } = await enter(user.email);
  const token = await createSignInLink({ db: database.db }, { userId: user.id, ttlMs: 60_000 });
  await updateUser({ db: database.db }, { userId: user.id, body: { is_disabled: true }, actor: systemActor });
  await updateUser({ db: database.db }, { userId: user.id, body: { is_disabled: false }, actor: systemActor });
  expect(await codeOf(renew(renewalToken))).toBe('UNAUTHENTICATED');
  expect(await codeOf(signInWithLink({ db: database.db, throttle }, { token }))).toBe('CREDENTIALS_INVALID');
});

test('changing the password ends the other sessions and keeps the own one', async () => {
  const user = await addUser();
  const own = await enter(user.email);
  const other = await enter(user.email);
  const change = (current: string) =>
    changePassword({ db: database.db, throttle }, { body: { current_password: current, new_password: 'another long password' }, actor: { userId: user.id, name: user.name }, sessionId: own.sessionId });
  await expect(change('not my password')).rejects.toMatchObject({ code: 'VALIDATION_FAILED', details: { issues: [{ path: 'current_password' }] } });
  await change(password);
  expect(await codeOf(renew(other.renewalToken))).toBe('UNAUTHENTICATED');
  await expect(renew(own.renewalToken)).resolves.toBeDefined();
  expect(await codeOf(enter(user.email))).toBe('CREDENTIALS_INVALID');
  await expect(enter(user.email, 'another long password')).resolves.toBeDefined();
});

test('a one-time link works once, not after its life, and is kept as a hash only', async () => {
  const user = await addUser();
  const token = await createSignInLink({ db: database.db }, { userId: user.id, ttlMs: 60_000 });
  const follow = () => signInWithLink({ db: database.db, throttle }, { token });
  const results = await Promise.allSettled([follow(), follow(), follow()]);
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  const expired = await createSignInLink({ db: database.db }, { userId: user.id, ttlMs: -1 });
  expect(await codeOf(signInWithLink({ db: database.db, throttle }, { token: expired }))).toBe('CREDENTIALS_INVALID');
  const rows = await database.db.selectFrom('sign_in_links').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(token);
});

test('guessing is slowed down by account, also when guesses come at the same time', async () => {
  const user = await addUser();
  const codes = await Promise.all(Array.from({ length: 12 }, () => codeOf(enter(user.email, 'wrong password'))));
  expect(codes.filter((code) => code === 'CREDENTIALS_INVALID')).toHaveLength(5);
  await expect(enter(user.email)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS', details: { retry_after_ms: expect.any(Number) } });
  await expect(enter((await addUser()).email)).resolves.toBeDefined();
});

test('the wait after failures doubles to a bound, passes, and is forgotten after success', () => {
  let now = 0;
  const slow = new SignInThrottle(() => now);
  const fail = (): number => {
    try {
      slow.begin({ account: 'ana@example.com' });
      return 0;
    } catch (error) {
      return (error as AppError).details?.['retry_after_ms'] as number;
    }
  };
  for (let failure = 0; failure < 5; failure++) expect(fail()).toBe(0);
  const waits: number[] = [];
  for (let round = 0; round < 8; round++) {
    const wait = fail();
    waits.push(wait);
    now += wait;
    expect(fail()).toBe(0);
  }
  expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
  now += 300_000;
  slow.begin({ account: 'ANA@example.com' }).succeed();
  for (let failure = 0; failure < 5; failure++) expect(fail()).toBe(0);
  expect(fail()).toBe(5_000);
});

test('an e-mail address belongs to one person, whatever its case', async () => {
  const user = await addUser();
  await expect(createUser({ db: database.db }, { body: { email: user.email.toUpperCase(), name: 'Eve', role: 'viewer', password }, actor: systemActor })).rejects.toMatchObject({ code: 'USER_EMAIL_TAKEN' });
});

test('people are listed in pages without gaps or repeats', async () => {
  await addUser();
  const all = await listUsers({ db: database.db }, { limit: 200 });
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listUsers({ db: database.db }, { limit: 2, cursor });
    seen.push(...page.items.map((user) => user.id));
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen).toEqual(all.items.map((user) => user.id));
  expect(await codeOf(listUsers({ db: database.db }, { limit: 2, cursor: 'bm9uc2Vuc2U' }))).toBe('CURSOR_INVALID');
});

test('of two admins who are demoted at the same moment one stays admin', async () => {
  const fresh = await createTestDatabase();
  try {
    const make = (email: string) => createUser({ db: fresh.db }, { body: { email, name: 'Admin', role: 'admin', password }, actor: systemActor });
    const admins = [await make('one@example.com'), await make('two@example.com')];
    const codes = await Promise.all([
      codeOf(updateUser({ db: fresh.db }, { userId: admins[0]?.id ?? '', body: { role: 'viewer' }, actor: systemActor })),
      codeOf(updateUser({ db: fresh.db }, { userId: admins[1]?.id ?? '', body: { is_disabled: true }, actor: systemActor })),
    ]);
    expect(codes.sort()).toEqual(['USER_LAST_ADMIN', 'no error']);
  } finally {
    await fresh.close();
  }
});

test('the configured admin is made once, by however many processes start together', async () => {
  const results = await Promise.all(Array.from({ length: 3 }, () => ensureAdmin({ db: database.db }, { email: 'admin@example.com', password })));
  expect(new Set(results.map((result) => result.userId)).size).toBe(1);
  expect(results.filter((result) => result.isCreated)).toHaveLength(1);
  expect(results.every((result) => result.isPasswordCurrent)).toBe(true);
  expect((await enter('admin@example.com')).user.role).toBe('admin');
});

test('a new configured password is applied, and a restart does not undo one the person chose since', async () => {
  const email = 'configured@example.com';
  await ensureAdmin({ db: database.db }, { email, password });
  const session = await enter(email);
  await changePassword(
    { db: database.db, throttle },
    { body: { current_password: password, new_password: 'chosen by the person' }, actor: { userId: session.user.id, name: 'Admin' }, sessionId: session.sessionId },
  );
  expect(await ensureAdmin({ db: database.db }, { email, password })).toMatchObject({ isCreated: false, isPasswordCurrent: false });
  await expect(enter(email, 'chosen by the person')).resolves.toBeDefined();
  expect(await ensureAdmin({ db: database.db }, { email, password: 'another configured one' })).toMatchObject({ isPasswordCurrent: true });
  await expect(enter(email, 'another configured one')).resolves.toBeDefined();
  expect(await codeOf(renew(session.renewalToken))).toBe('UNAUTHENTICATED');
});

test('the audit chain holds after all of this and carries no secret', async () => {
  expect(await verifyAudit({ db: database.db })).toMatchObject({ is_intact: true });
  const text = JSON.stringify(await listAuditEntries(database.db, { limit: 500 }));
  expect(text).not.toContain('argon2');
  expect(text).not.toContain(password);
});
