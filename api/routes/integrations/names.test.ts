import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lockNewestPolicySet } from '../../../db/repositories/policy-sets.repository.ts';
import { type ApiServer, startApiServer } from '../../../tests/support/api-server.ts';
import { addLivePolicy } from '../../../tests/support/live-policies.ts';
import { programs } from '../../../tests/support/mcp.ts';
import { until } from '../../../tests/support/until.ts';

let api: ApiServer;
beforeAll(async () => {
  api = await startApiServer({ env: { MCP_STDIO: 'on' } });
});
afterAll(async () => {
  await api.deps.mcpSessions.close();
  await api.close();
});
const turnOff = (name?: string) => {
  const turning = api.database.db.updateTable('policies').set({ live_version: null });
  return (name === undefined ? turning : turning.where('name', '=', name)).execute();
};
afterEach(() => turnOff());

let count = 0;
const live = (what: string, cedar: string) => addLivePolicy(api.database.db, `${what} ${++count}`, cedar).then(() => `${what} ${count}`);
const whoever = 'principal, action, resource';

describe('data sources', () => {
  const create = (name: string) => api.call('createDataSource', { as: 'admin', body: { name, url: 'postgres://reader@127.0.0.1:1/shop', password: null } });
  const rename = (id: string, name: string) => ({ as: 'admin' as const, params: { id }, body: { name, version: 1 } });

  it('keep the name that live policies go by, and take none from another', async () => {
    const { id } = await create('ledger');
    const asks = await live('Asks', `forbid (${whoever} in DataSource::"ledger");`);
    const trusts = await live('Trusts', `permit (${whoever}) when { context has data_source && ["open_data"].contains(context.data_source) };`);
    expect(await api.refusal('updateDataSource', rename(id, 'accounts'))).toMatchObject({ status: 409, code: 'CONNECTION_NAMED', details: { policies: [asks], issues: [{ path: 'name' }] } });
    expect(await api.refusal('updateDataSource', rename(id, 'open_data'))).toMatchObject({ code: 'CONNECTION_NAMED', details: { policies: [asks, trusts] } });
    const other = await create('ledgers');
    expect(await api.call('updateDataSource', rename(other.id, 'accounts'))).toMatchObject({ name: 'accounts' });
  });

  it('stay as long as live policies go by their name, and may be made under it', async () => {
    const asks = await live('Asks', `forbid (${whoever} in DataSource::"payroll");`);
    const { id } = await create('payroll');
    const deleting = { as: 'admin' as const, params: { id }, query: '?name=payroll' };
    expect(await api.refusal('deleteDataSource', deleting)).toMatchObject({ status: 409, code: 'CONNECTION_NAMED', details: { policies: [asks] } });
    await turnOff(asks);
    await api.call('deleteDataSource', deleting);
  });

  it('keep their name while a live policy cannot be read', async () => {
    const { id } = await create('unclear');
    const broken = await live('Broken', `forbid (${whoever}`);
    expect(await api.refusal('updateDataSource', rename(id, 'clear'))).toMatchObject({
      code: 'CONNECTION_NAMED', details: { policies: [broken], issues: [{ path: 'name', message: expect.stringContaining(`cannot be read: ${broken}.`) as string }] },
    });
  });

  it('are renamed before or after a policy goes live, never meanwhile', async ({ skip }) => {
    // One session stands behind all of PGlite's connections: nothing waits for another there.
    if (api.database.kind === 'pglite') skip();
    const { db } = api.database;
    const { id } = await create('contested');
    const renaming = await db.transaction().execute(async (trx) => {
      await lockNewestPolicySet(trx);
      await addLivePolicy(trx, 'Asks meanwhile', `forbid (${whoever} in DataSource::"contested");`);
      const refused = api.refusal('updateDataSource', rename(id, 'free'));
      await Promise.race([refused, until('the change of name to wait', async () => {
        const { rows } = await sql<{ count: number }>`select count(*) from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`.execute(db);
        return (rows[0]?.count ?? 0) > 0;
      })]);
      // Within an object: the transaction must not wait for it.
      return { refused };
    });
    expect(await renaming.refused).toMatchObject({ code: 'CONNECTION_NAMED', details: { policies: ['Asks meanwhile'] } });
  });
});

describe('MCP servers', () => {
  const create = (name: string, slug: string) => api.call('createMcpServer', { as: 'admin', body: { name, slug, transport: programs.hostile() } });

  it('keep the name that live policies go by, take none from another, and stay', async () => {
    const { id, name } = await create('Files', 'files');
    const params = { id };
    const asks = await live('Asks', `forbid (${whoever} in McpServer::"${name}");`);
    const trusts = await live('Trusts', `permit (${whoever}) when { context has mcp_server && context.mcp_server like "trusted*" };`);
    const renamed = await api.refusal('updateMcpServer', { as: 'admin', params, body: { name: name.toUpperCase(), version: 1 } });
    expect(renamed).toMatchObject({ status: 409, code: 'CONNECTION_NAMED', details: { policies: [asks], issues: [{ path: 'name' }] } });
    expect(await api.refusal('updateMcpServer', { as: 'admin', params, body: { name: 'trusted too', version: 1 } })).toMatchObject({ code: 'CONNECTION_NAMED', details: { policies: [asks, trusts] } });
    expect(await api.refusal('deleteMcpServer', { as: 'admin', params, query: `?name=${encodeURIComponent(name)}` })).toMatchObject({ code: 'CONNECTION_NAMED', details: { policies: [asks] } });
    expect(await api.call('updateMcpServer', { as: 'admin', params, body: { timeout_seconds: 5, version: 1 } })).toMatchObject({ name, version: 2 });
    await turnOff(asks);
    expect(await api.call('updateMcpServer', { as: 'admin', params, body: { name: `${name} anew`, version: 2 } })).toMatchObject({ version: 3 });
    await api.call('deleteMcpServer', { as: 'admin', params });
  });
});
