import type { Integration } from '../../contracts/system.ts';
import { type SearchProvider, searchProviderOf, type ToolRegistry } from '../tools/index.ts';
import { type Probe, runProbe, toAddress } from './check.ts';

const missingFor: Readonly<Record<string, string[]>> = { run_sql: ['MAESTRO_DATA_SOURCES'], send_email: ['SMTP_URL'], web_search: ['SEARXNG_URL', 'BRAVE_API_KEY', 'TAVILY_API_KEY', 'SERPER_API_KEY'] };
/** Tools that are as well as what they use. */
const standsOn: Readonly<Record<string, Integration['kind']>> = { run_sql: 'data_source', send_email: 'email' };
const order: readonly Integration['state'][] = ['failing', 'degraded', 'untested', 'healthy'];

/** A search engine that can be asked for nothing is; a paid one is not called only to be checked. */
function toSearchProbe(base: Omit<Probe, 'detail'>, { name, baseUrl, check }: SearchProvider): Probe {
  const address = toAddress(baseUrl);
  const detail = `Searches with ${name} at ${address}.`;
  if (check === undefined) return { ...base, state: 'untested', detail: `${detail} Not called only to be checked.` };
  return {
    ...base,
    detail,
    async check(signal) {
      const status = await check(signal);
      return status < 500 ? { state: 'healthy', detail } : { state: 'failing', detail: `${name} at ${address} answers with status ${status}.` };
    },
  };
}

/** The tools as integrations; `connections` are the checked ones that some of them stand on. */
export async function listTools({ tools }: { tools: Pick<ToolRegistry, 'describe' | 'get'> }, connections: readonly Integration[], usedBy: ReadonlyMap<string, number>): Promise<Integration[]> {
  return Promise.all(
    tools.describe().map(async (tool): Promise<Integration> => {
      const base = { id: `tool:${tool.name}`, kind: 'tool' as const, name: tool.name, used_by_agents: usedBy.get(tool.name) ?? 0 };
      if (!tool.is_configured) return runProbe({ ...base, detail: tool.configuration_hint ?? 'Not configured.', missingSettings: missingFor[tool.name] ?? [], state: 'not_configured' });
      const provider = searchProviderOf(tools.get(tool.name));
      if (provider !== undefined) return runProbe(toSearchProbe(base, provider));
      const used = connections.filter((connection) => connection.kind === standsOn[tool.name]);
      const worst = order.find((state) => used.some((connection) => connection.state === state));
      if (worst === undefined) return runProbe({ ...base, detail: tool.description.split(/(?<=\.)\s/)[0] ?? tool.description });
      const troubled = used.filter((connection) => connection.state === worst).map((connection) => connection.name);
      const checkedAt = used[0]?.checked_at ?? null;
      return { ...(await runProbe({ ...base, state: worst, detail: worst === 'healthy' ? `Uses ${troubled.join(', ')}.` : `${troubled.join(', ')}: ${worst}.` })), checked_at: checkedAt };
    }),
  );
}
