// Agent definitions: every change makes a new immutable version, and a run pins the one it started with. What an agent does is elsewhere.
export type { AgentDeps } from './check-definition.ts';
export { createAgent } from './create-agent.ts';
export { deleteAgent } from './delete-agent.ts';
export { ensureDemoAgent } from './ensure-demo-agent.ts';
export { getAgent, listAgents, listAgentVersions } from './read-agents.ts';
export { updateAgent } from './update-agent.ts';
