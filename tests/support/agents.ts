import { createAgentBodySchema, type CreateAgentInput } from '../../contracts/agents.ts';
import { type AgentDeps, createAgent } from '../../engine/agents/index.ts';

let count = 0;

/** An agent with the parts a test does not care about filled in. Returns its id. */
export async function insertTestAgent(deps: AgentDeps, given: Partial<CreateAgentInput> = {}): Promise<string> {
  count += 1;
  const body = createAgentBodySchema.parse({ name: `Agent ${count}`, purpose: 'To be tested.', llm_provider: 'openai', llm_model: 'gpt-test', tools: ['send_email'], ...given });
  return (await createAgent(deps, { body, actor: { userId: null, name: 'Maestro' } })).id;
}
