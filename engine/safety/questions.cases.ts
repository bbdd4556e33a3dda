import type { RiskLevel } from '../../contracts/tools.ts';
import type { PolicyQuestion } from './policy.ts';
import { createPolicySet } from './policy-set.ts';

/** A whole record of a call, as the ledger keeps it; what tests are about they put in. */
export const questionOf = ({ facts = {}, ...question }: Partial<PolicyQuestion> = {}): PolicyQuestion => ({
  toolName: 'lookup', riskLevel: 'LOW' as RiskLevel, effect: 'none', ...question,
  facts: {
    agent: { id: 'a0000000-0000-4000-8000-000000000001', name: 'Anna', owner: 'ana@example.com', tags: ['finance'], version: 3 },
    run: { iterations: 2, tool_calls: 5, calls_of_tool: 1, tokens: 1_200, cost_micro_usd: 40 },
    taint: { read_from: ['web_search'], copied_from: [] }, at: '2026-11-29T09:30:00.000Z', environment: 'test', arguments: {}, numbers: {}, unreadable_arguments: [], ...facts,
  },
});

/** All that the tool tells of an e-mail. */
export const emailFacts = {
  recipient_count: 2, hidden_recipient_count: 0, recipient_domains: ['example.com', 'other.org'], outside_recipient_count: 1, outside_domains: ['other.org'], from_domain: 'example.com', reply_to_domain: null,
  text_length: 100, has_html: false, html_has_remote_content: false, html_has_script: false, attachment_count: 0,
};

/** The set of these texts, as policies `p1`, `p2`, … beside the built-in ones. */
export const setOf = (...texts: string[]) => createPolicySet({ version: 'test', policies: texts.map((cedar, index) => ({ id: `p${index + 1}`, name: `Policy ${index + 1}`, version: 1, cedar })) });
