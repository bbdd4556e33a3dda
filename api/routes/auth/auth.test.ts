import { Buffer } from 'node:buffer';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tokenResponseSchema } from '../../../contracts/auth.ts';
import type { Role } from '../../../contracts/permissions.ts';
import { createSignInLink, createUser } from '../../../engine/people/index.ts';
import { newId } from '../../../platform/ids.ts';
import { type ApiServer, emailOf, readError, startApiServer, testPassword } from '../../../tests/support/api-server.ts';
import { authOf } from '../../auth/index.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

let email: string;
let userId: string;
let counter = 0;
beforeEach(async () => {
  email = `fresh${++counter}@example.com`;
  userId = (await createUser({ db: api.deps.db }, { body: { email, name: 'Fresh', role: 'operator', password: testPassword }, actor: { userId: null, name: 'Maestro' } })).id;
});

const post = (path: string, options: { body?: unknown; headers?: Record<string, string> } = {}) => api.request('POST', path, options);
const cookieOf = (response: Response): string => /^(maestro_renewal=[^;]*)/.exec(response.headers.getSetCookie()[0] ?? '')?.[1] ?? '';
async function enter(password = testPassword) {
  const response = await post('/api/auth/token', { body: { email, password } });
  expect(response.status).toBe(200);
  return { response, cookie: cookieOf(response), answer: tokenResponseSchema.parse(await response.json()) };
}
const me = (token: string) => api.request('GET', '/api/auth/me', { headers: { authorization: `Bearer ${token}` } });
const renew = (cookie: string, headers: Record<string, string> = {}) => post('/api/auth/renew', { headers: { cookie, ...headers } });

describe('signing in', () => {
  it('answers a bearer token of 15 minutes that opens the api, and the person without anything secret', async () => {
    const { answer } = await enter();
    expect(answer).toMatchObject({ token_type: 'Bearer', expires_in: 900, user: { id: userId, email, role: 'operator', is_disabled: false } });
    const claims = JSON.parse(Buffer.from(answer.access_token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number; iat: number };
    expect(claims.exp - claims.iat).toBe(900);
    expect(JSON.stringify(claims)).not.toContain(email);
    expect((await me(answer.access_token)).status).toBe(200);
  });

  it('sets a renewal cookie no script and no other site can use, and nothing of it in the body', async () => {
    const { response, cookie, answer } = await enter();
    const header = response.headers.getSetCookie()[0] ?? '';
    expect(header).toMatch(/; Path=\/api\/auth/);
    expect(header).toMatch(/; HttpOnly/);
    expect(header).toMatch(/; SameSite=Strict/);
    expect(header).not.toMatch(/; Secure/);
    expect(JSON.stringify(answer)).not.toContain(cookie.split('=')[1]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('refuses a wrong password and an unknown address alike', async () => {
    const wrong = await readError(await post('/api/auth/token', { body: { email, password: 'not the password' } }));
    const unknown = await readError(await post('/api/auth/token', { body: { email: 'nobody@example.com', password: 'not the password' } }));
    expect(wrong).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' });
    expect({ ...unknown, headers: undefined }).toEqual({ ...wrong, headers: undefined });
  });

  it('slows guessing down and says for how long', async () => {
    const guess = () => post('/api/auth/token', { body: { email, password: 'guess' } });
    for (let attempt = 0; attempt < 5; attempt++) expect((await guess()).status).toBe(401);
    const refused = await readError(await guess());
    expect(refused).toMatchObject({ status: 429, code: 'TOO_MANY_ATTEMPTS', details: { retry_after_ms: expect.any(Number) } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await readError(await post('/api/auth/token', { body: { email, password: testPassword } }))).toMatchObject({ status: 429 });
  });

  it('takes no unknown fields and no forms', async () => {
    expect(await readError(await post('/api/auth/token', { body: { email, password: testPassword, role: 'admin' } }))).toMatchObject({ status: 422, details: { issues: [{ path: 'role' }] } });
    expect(await readError(await post('/api/auth/token', { body: `email=${email}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } }))).toMatchObject({ status: 415 });
  });

  it('works once with a one-time link', async () => {
    const token = await createSignInLink({ db: api.deps.db }, { userId, ttlMs: 60_000 });
    const first = await post('/api/auth/link', { body: { token } });
    expect(tokenResponseSchema.parse(await first.json()).user.id).toBe(userId);
    expect(cookieOf(first)).not.toBe('');
    expect(await readError(await post('/api/auth/link', { body: { token } }))).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID', message: 'This sign-in link was used already or has expired.' });
  });
});

describe('bearer tokens', () => {
  const key = (): Uint8Array => authOf(api.deps).accessKey;
  const sessionOf = (token: string): string => (JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { sid: string }).sid;
  const sign = (claims: Record<string, unknown>, { alg = 'HS256', secret = key(), issuer = 'maestro', audience = 'maestro-api', expires = '5m' } = {}) =>
    new SignJWT(claims).setProtectedHeader({ alg }).setSubject(userId).setIssuer(issuer).setAudience(audience).setIssuedAt().setExpirationTime(expires).sign(secret);

  it('made with the right key and claims are taken, so that the refusals below mean something', async () => {
    const { answer } = await enter();
    expect((await me(await sign({ sid: sessionOf(answer.access_token) }))).status).toBe(200);
  });

  it.each<[string, (sid: string) => Promise<string> | string]>([
    ['unsigned with alg none', (sid) => new UnsecuredJWT({ sid }).setSubject(userId).setIssuer('maestro').setAudience('maestro-api').setIssuedAt().setExpirationTime('5m').encode()],
    ['signed with another key', (sid) => sign({ sid }, { secret: Buffer.from('another secret of 32 characters!!') })],
    ['signed with the configured secret itself', (sid) => sign({ sid }, { secret: Buffer.from(api.deps.config.auth.jwtSecret) })],
    ['signed by another algorithm', (sid) => sign({ sid }, { alg: 'HS512' })],
    ['expired', (sid) => sign({ sid }, { expires: '-1s' })],
    ['of another issuer', (sid) => sign({ sid }, { issuer: 'somebody' })],
    ['for another audience', (sid) => sign({ sid }, { audience: 'somebody' })],
    ['without a session', () => sign({})],
    ['of a session that never was', () => sign({ sid: newId() })],
    ['of somebody else\'s session', async () => sign({ sid: sessionOf(api.tokenOf('admin')) })],
    ['that are no tokens', () => 'a.b.c'],
    ['that are empty', () => ''],
  ])('%s are UNAUTHENTICATED', async (_name, make) => {
    const { answer } = await enter();
    const refused = await readError(await me(await make(sessionOf(answer.access_token))));
    expect(refused).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('are read from the Authorization header alone', async () => {
    const { answer } = await enter();
    expect((await api.request('GET', '/api/auth/me', { headers: { authorization: `Basic ${answer.access_token}` } })).status).toBe(401);
    expect((await api.request('GET', '/api/auth/me', { headers: { cookie: `access_token=${answer.access_token}` } })).status).toBe(401);
  });

  it('follow the records: a changed role and a disabled person show with the next request', async () => {
    const { answer } = await enter();
    const mayCreate = async (): Promise<number> => (await api.request('POST', '/api/agents', { headers: { authorization: `Bearer ${answer.access_token}` }, body: {} })).status;
    expect(await mayCreate()).toBe(422);
    await api.call('updateUser', { as: 'admin', params: { id: userId }, body: { role: 'viewer' } });
    expect(await mayCreate()).toBe(403);
    await api.call('updateUser', { as: 'admin', params: { id: userId }, body: { is_disabled: true } });
    expect(await mayCreate()).toBe(401);
  });
});

describe('renewing', () => {
  it('trades the cookie for the next one and a new bearer token', async () => {
    const { cookie } = await enter();
    const response = await renew(cookie);
    const answer = tokenResponseSchema.parse(await response.json());
    expect((await me(answer.access_token)).status).toBe(200);
    expect(cookieOf(response)).not.toBe(cookie);
    expect((await renew(cookieOf(response))).status).toBe(200);
  });

  it('in two tabs at once leaves both signed in', async () => {
    const { cookie } = await enter();
    const [one, two] = await Promise.all([renew(cookie), renew(cookie)]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect(cookieOf(one)).toBe(cookieOf(two));
    expect((await renew(cookieOf(two))).status).toBe(200);
  });

  it('without a usable cookie is UNAUTHENTICATED and takes the cookie back', async () => {
    expect((await post('/api/auth/renew')).status).toBe(401);
    const refused = await renew('maestro_renewal=nonsense');
    expect(await readError(refused)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(refused.headers.getSetCookie()[0]).toMatch(/^maestro_renewal=; .*Max-Age=0/);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['another port of this host', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:9999' }],
    ['a browser that says only the origin', { origin: 'http://127.0.0.1:9999' }],
    ['a page without an origin', { origin: 'null' }],
  ])('asked for by %s is refused, and the session lives on', async (_name, headers) => {
    const { cookie } = await enter();
    for (const path of ['/api/auth/renew', '/api/auth/sign-out']) {
      expect(await readError(await post(path, { headers: { cookie, ...headers } }))).toMatchObject({ status: 403, code: 'FORBIDDEN' });
    }
    expect(await readError(await post('/api/auth/token', { body: { email, password: testPassword }, headers }))).toMatchObject({ status: 403 });
    expect((await renew(cookie, { 'sec-fetch-site': 'same-origin', origin: api.baseUrl })).status).toBe(200);
  });

  it('by its own page of an old browser works', async () => {
    const { cookie } = await enter();
    expect((await renew(cookie, { origin: api.baseUrl })).status).toBe(200);
  });
});

describe('signing out', () => {
  it('ends the session: its cookie and its bearer token open nothing any more', async () => {
    const { cookie, answer } = await enter();
    expect((await me(answer.access_token)).status).toBe(200);
    const response = await post('/api/auth/sign-out', { headers: { cookie } });
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()[0]).toMatch(/^maestro_renewal=; .*Max-Age=0/);
    expect((await renew(cookie)).status).toBe(401);
    expect((await me(answer.access_token)).status).toBe(401);
  });

  it('without a session is no error', async () => {
    expect((await post('/api/auth/sign-out')).status).toBe(204);
  });
});

describe('the own account', () => {
  it('is told to every role', async () => {
    for (const role of ['viewer', 'operator', 'approver', 'admin'] satisfies Role[]) expect(await api.call('getMe', { as: role })).toMatchObject({ email: emailOf(role), role });
  });

  it('gets a new password against the current one; other sessions end, the own one goes on', async () => {
    const [own, other] = [await enter(), await enter()];
    const change = (current: string) =>
      api.request('POST', '/api/auth/password', { headers: { authorization: `Bearer ${own.answer.access_token}` }, body: { current_password: current, new_password: 'another long password' } });
    expect(await readError(await change('wrong'))).toMatchObject({ status: 422, details: { issues: [{ path: 'current_password' }] } });
    expect((await change(testPassword)).status).toBe(204);
    expect((await me(own.answer.access_token)).status).toBe(200);
    expect((await me(other.answer.access_token)).status).toBe(401);
    expect((await renew(other.cookie)).status).toBe(401);
    expect((await renew(own.cookie)).status).toBe(200);
    await enter('another long password');
  });
});

describe('an api behind a proxy', () => {
  const signInFrom = (server: ApiServer, forwardedFor: string) =>
    server.request('POST', '/api/auth/token', { body: { email: emailOf('viewer'), password: testPassword }, headers: { 'x-forwarded-for': forwardedFor } });
  const latestSource = async (server: ApiServer): Promise<unknown> =>
    (await server.deps.db.selectFrom('audit_log').select('source').where('action', '=', 'session.sign_in').orderBy('sequence', 'desc').limit(1).executeTakeFirst())?.source;

  it('knows the caller by the word of a proxy it trusts, and believes nobody else', async () => {
    const trusting = await startApiServer({ env: { TRUSTED_PROXIES: 'loopback' } });
    try {
      // The last address is the proxy's own word; what stands before it, the caller may have made up.
      await signInFrom(trusting, '192.0.2.1, 203.0.113.9');
      expect(await latestSource(trusting)).toBe('203.0.113.9');
    } finally {
      await trusting.close();
    }
    await signInFrom(api, '203.0.113.9');
    expect(await latestSource(api)).toBe('127.0.0.1');
  });

  it('marks the cookie Secure and knows its own origin behind a proxy', async () => {
    const secure = await startApiServer({ env: { PUBLIC_URL: 'https://maestro.example' } });
    try {
      const response = await secure.request('POST', '/api/auth/token', { body: { email: emailOf('viewer'), password: testPassword }, headers: { origin: 'https://maestro.example' } });
      expect(response.status).toBe(200);
      expect(response.headers.getSetCookie()[0]).toMatch(/; Secure/);
    } finally {
      await secure.close();
    }
  });
});
