import type { Agent } from '@contracts/agents.ts';

/** What the demo agent is asked to do by one press. */
export const demoGoal = "Analyse today's support tickets and mail the summary to the support lead.";

/** The demo agent among these, if it still exists. */
export const findDemoAgent = (agents: readonly Agent[] | undefined): Agent | undefined => agents?.find((agent) => agent.is_demo);
