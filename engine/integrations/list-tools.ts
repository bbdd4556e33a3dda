import type { Integration } from '../../contracts/system.ts';
import type { Config } from '../../platform/config.ts';
import type { ToolRegistry } from '../tools/index.ts';
import { type Probe, runProbe, toAddress } from './check.ts';

const missingFor: Readonly<Record<string, string[]>> = { run_sql: ['MAESTRO_DATA_SOURCES'], send_email: ['SMTP_URL'], web_search: ['SEARXNG_URL', 'BRAVE_API_KEY'] };
/** Tools that are as well as what they use. */
const standsOn: Readonly<Record<string, Integration['kind']>> = { run_sql: 'data_source', send_email: 'email' };
const order: readonly Integration['state'][] = ['failing', 'degraded', 'untested', 'healthy'];

/** A search engine of one's own can be asked for nothing; a paid one is not called only to be checked. */
function toSearchProbe(base: Omit<Probe, 'detail'>, { searxngUrl }: Config['tools']): Probe {
  if (searxngUrl === undefined) return { ...base, state: 'untested', detail: 'Searches with Brave Search. Not called only to be checked.' };
  const address = toAddress(searxngUrl);
  return {
    ...base,
    detail: `Searches with SearXNG at ${address}.`,
    async check(signal) {
      const response = await fetch(new URL('healthz', searxngUrl.endsWith('/') ? searxngUrl : `${searxngUrl}/`), { signal, redirect: 'manual' });
      await response.body?.cancel();
      return response.status < 500 ? { state: 'healthy', detail: `Searches with SearXNG at ${address}.` } : { state: 'failing', detail: `SearXNG at ${address} answers with status ${response.status}.` };
    },
  };
}

/** The tools as integrations; `connections` are the checked ones that some of them stand on. */
export async function listTools({ tools, config }: { tools: Pick<ToolRegistry, 'describe'>; config: Pick<Config, 'tools'> }, connections: readonly Integration[], usedBy: ReadonlyMap<string, number>): Promise<Integration[]> {
  return Promise.all(
    tools.describe().map(async (tool): Promise<Integration> => {
      const base = { id: `tool:${tool.name}`, kind: 'tool' as const, name: tool.name, used_by_agents: usedBy.get(tool.name) ?? 0 };
      if (!tool.is_configured) return runProbe({ ...base, detail: tool.configuration_hint ?? 'Not configured.', missingSettings: missingFor[tool.name] ?? [], state: 'not_configured' });
      if (tool.name === 'web_search') return runProbe(toSearchProbe(base, config.tools));
      const used = connections.filter((connection) => connection.kind === standsOn[tool.name]);
      const worst = order.find((state) => used.some((connection) => connection.state === state));
      if (worst === undefined) return runProbe({ ...base, detail: `${tool.description.split(/(?<=\.)\s/)[0] ?? tool.description}` });
      const troubled = used.filter((connection) => connection.state === worst).map((connection) => connection.name);
      const checkedAt = used[0]?.checked_at ?? null;
      return { ...(await runProbe({ ...base, state: worst, detail: worst === 'healthy' ? `Uses ${troubled.join(', ')}.` : `${troubled.join(', ')}: ${worst}.` })), checked_at: checkedAt };
    }),
  );
}
