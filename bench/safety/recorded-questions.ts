import type { PolicyQuestion } from '../../engine/safety/index.ts';

const tools = [
  { toolName: 'web_search', riskLevel: 'LOW', effect: 'none', facts: { provider: 'searxng', query_length: 20, count: 5 } },
  { toolName: 'run_sql', riskLevel: 'MEDIUM', effect: 'none', facts: { data_source: 'source_3', tables: ['orders'], columns: ['orders.id'], private_columns: [], functions: [], row_limit: 1_000 } },
  { toolName: 'http_request', riskLevel: 'MEDIUM', effect: 'none', facts: { method: 'GET', protocol: 'https', host: 'api.example.com', port: 443, path: '/orders', header_names: [], body_length: 0, secret_names: [], follows_redirects: false, max_redirects: 0 } },
  {
    toolName: 'send_email', riskLevel: 'HIGH', effect: 'external',
    facts: { recipient_count: 2, hidden_recipient_count: 0, recipient_domains: ['example.com'], outside_recipient_count: 0, outside_domains: [], from_domain: 'example.com', reply_to_domain: null, text_length: 400, has_html: false, html_has_remote_content: false, html_has_script: false, attachment_count: 0 },
  },
] as const;

/** The n-th of recorded calls that are all different: another time, other totals and arguments each. */
export function recordedQuestion(index: number): PolicyQuestion {
  const { toolName, riskLevel, effect, facts } = tools[index % tools.length] as (typeof tools)[number];
  return {
    toolName, riskLevel, effect,
    facts: {
      ...facts, agent: { id: `00000000-0000-4000-8000-${String(index % 25).padStart(12, '0')}`, name: `Agent ${index % 25}`, owner: 'ana@example.com', tags: [`team-${index % 60}`], version: 1 + (index % 4) },
      run: { iterations: index % 12, tool_calls: index % 30, calls_of_tool: index % 7, tokens: index * 7, cost_micro_usd: index * 3 }, taint: { read_from: ['web_search'], copied_from: [] },
      at: new Date(Date.UTC(2026, 10, 1) + index * 1_000).toISOString(), environment: 'production', arguments: { subject: `A subject with word ${index}`, query: `question ${index}` }, numbers: { max_rows: index % 100 }, unreadable_arguments: ['to'],
    } as unknown as PolicyQuestion['facts'],
  };
}
