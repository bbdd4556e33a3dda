import type { Integration } from '@contracts/system.ts';

type Kind = Integration['kind'];

/** The groups of the page in their order, with what each is for. */
export const groups: readonly { kind: Kind; title: string; purpose: string }[] = [
  { kind: 'model_provider', title: 'Model providers', purpose: 'Agents think with these.' },
  { kind: 'tool', title: 'Tools', purpose: 'What agents may be given to act with.' },
  { kind: 'data_source', title: 'Data sources', purpose: 'Databases run_sql may read.' },
  { kind: 'mcp_server', title: 'MCP servers', purpose: 'Servers that bring tools of their own.' },
  { kind: 'email', title: 'E-mail', purpose: 'Where send_email delivers.' },
  { kind: 'vector_store', title: 'Vector stores', purpose: 'Where memories are found again.' },
  { kind: 'temporal', title: 'Temporal', purpose: 'Runs the workflows.' },
  { kind: 'database', title: 'Database', purpose: 'Keeps every record.' },
];

/** What wants a look first: failing, then degraded, then what is not set up. */
const urgency: Record<Integration['state'], number> = { failing: 0, degraded: 1, untested: 2, not_configured: 3, healthy: 4, built_in: 4 };

/** The integrations by group; groups without any are left out, troubled ones come first within each. */
export const groupIntegrations = (items: readonly Integration[], kind?: Kind) =>
  groups
    .filter((group) => kind === undefined || group.kind === kind)
    .map((group) => ({
      ...group,
      items: items.filter((item) => item.kind === group.kind).toSorted((a, b) => urgency[a.state] - urgency[b.state] || a.name.localeCompare(b.name)),
    }))
    .filter((group) => group.items.length > 0);
