import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, endpoints, streamEndpoints } from '../contracts/endpoints.ts';
import { errorResponseSchema } from '../contracts/errors.ts';
import { isAllowed, roles, rolesWith } from '../contracts/permissions.ts';
import { type ApiServer, startApiServer } from '../tests/support/api-server.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer();
});
afterAll(() => api.close());

const all: [name: string, endpoint: Pick<Endpoint, 'method' | 'path' | 'access'>][] = [...Object.entries(endpoints), ...Object.entries(streamEndpoints)];
/** An address with ids nobody has: what is behind access is "not found" then, and nothing is changed. */
const addressOf = (path: string): string => path.replaceAll(/:[a-z_]+/g, '019a0000-0000-7000-8000-000000000000');

async function ask(endpoint: Pick<Endpoint, 'method' | 'path'>, options: Parameters<ApiServer['request']>[2] = {}): Promise<{ status: number; code: string | undefined; details: Record<string, unknown> | undefined }> {
  const response = await api.request(endpoint.method.toUpperCase(), addressOf(endpoint.path), options);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (isStream || response.status < 400 || endpoint.path === '/readyz') {
    await response.body?.cancel();
    return { status: response.status, code: undefined, details: undefined };
  }
  const { error } = errorResponseSchema.parse(await response.json());
  return { status: response.status, code: error.code, details: error.details };
}

describe.each(all)('%s', (_name, endpoint) => {
  const { access } = endpoint;
  it(`asks for ${access}`, async () => {
    const anonymous = await ask(endpoint);
    expect(anonymous.code).not.toBe('METHOD_NOT_ALLOWED');
    expect(anonymous.code).not.toBe('ROUTE_NOT_FOUND');
    if (access === 'public') {
      // Signing in may fail on its own account, but never for want of a role.
      expect(anonymous.code).not.toBe('FORBIDDEN');
      if (!endpoint.path.startsWith('/api/auth/')) expect(anonymous.status).toBe(200);
      return;
    }
    expect(anonymous).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    expect(await ask(endpoint, { headers: { authorization: 'Bearer forged.token.here' } })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
    for (const role of roles) {
      const answer = await ask(endpoint, { as: role });
      if (access === 'signed_in' || isAllowed(role, access)) {
        expect([200, 204, 404, 422], `${role} may`).toContain(answer.status);
      } else {
        expect(answer, `${role} may not`).toMatchObject({ status: 403, code: 'FORBIDDEN', details: { permission: access, role, allowed_roles: rolesWith(access) } });
      }
    }
  });
});
