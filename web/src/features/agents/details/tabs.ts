export const agentTabs = ['overview', 'runs', 'memory', 'tools', 'versions'] as const;
export type AgentTab = (typeof agentTabs)[number];

export const agentTabLabels: Record<AgentTab, string> = {
  overview: 'Overview',
  runs: 'Runs',
  memory: 'Memory',
  tools: 'Tools & policy',
  versions: 'Versions',
};
