import type { CreateAgentInput } from '../../contracts/agents.ts';

/** What the demo asks its agent to do. */
export const demoGoal = "Analyse today's support tickets and mail the summary to the support lead.";

/** Policies name agents by their tags. */
export const demoTag = 'support';

/** The agent a new installation starts with: real tools on the demo's tickets, decisions from a script instead of a model. */
export const demoAgent: CreateAgentInput = {
  name: 'Support Ticket Analyzer',
  purpose: "Reads today's support tickets, scores their sentiment and mails the support lead a summary.",
  llm_provider: 'scripted',
  llm_model: 'support-ticket-analyzer',
  tools: ['run_sql', 'execute_python', 'send_email'],
  tags: [demoTag],
};
