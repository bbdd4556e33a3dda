import { type Agent, type AgentDefinition, agentDefinitionSchema, type UpdateAgentBody } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import { findAgentIdByName, insertAgentVersion, lockAgent, updateAgentVersion } from '../../db/repositories/agents.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { isUniqueViolation } from '../../db/unique-violation.ts';
import { hashJson } from '../../platform/hash-json.ts';
import { type Actor, toAuditActor } from '../governance/index.ts';
import { type AgentDeps, checkDefinition } from './check-definition.ts';
import { refuseTakenName } from './create-agent.ts';
import { getAgent } from './read-agents.ts';

const merge = (current: AgentDefinition, changes: Partial<AgentDefinition>): AgentDefinition =>
  agentDefinitionSchema.parse({ ...current, ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) });

/**
 * Changes an agent: makes a new version of it, which runs started from now on use. A change that changes nothing makes none.
 * Throws AGENT_NOT_FOUND, AGENT_CHANGED when `body.version` is not the current one, and what createAgent throws.
 */
export async function updateAgent(deps: AgentDeps, { agentId, body, actor }: { agentId: string; body: UpdateAgentBody; actor: Actor }): Promise<Agent> {
  const { name: newName, version: expectedVersion, ...changes } = body;
  const tools = await deps.tools.current();
  try {
    await deps.db.transaction().execute(async (trx) => {
      const agent = await lockAgent(trx, agentId);
      if (agent === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
      if (expectedVersion !== undefined && expectedVersion !== agent.current_version) {
        throw new AppError('AGENT_CHANGED', undefined, { details: { version: agent.current_version } });
      }
      const name = newName ?? agent.name;
      const definition = merge(agent.definition, changes);
      await checkDefinition({ ...deps, db: trx, tools }, definition);
      if (name === agent.name && hashJson(definition) === hashJson(agent.definition)) return;
      const holder = await findAgentIdByName(trx, name);
      if (holder !== undefined && holder !== agentId) await refuseTakenName(trx, name);
      const version = agent.current_version + 1;
      await insertAgentVersion(trx, { agentId, version, name, definition, createdBy: actor.userId });
      await updateAgentVersion(trx, agentId, { name, version });
      await insertEvents(trx, [{ type: 'agent-changed', run_id: null, data: { agent_id: agentId, change: 'updated' } }]);
      await insertAuditEntry(trx, {
        ...toAuditActor(actor), action: 'agent.update', objectType: 'agent', objectId: agentId,
        before: { name: agent.name, version: agent.current_version, ...agent.definition }, after: { name, version, ...definition },
      });
    });
  } catch (error) {
    // Two agents took the same name at the same moment.
    if (isUniqueViolation(error, 'agents_name_key')) await refuseTakenName(deps.db, newName ?? '');
    throw error;
  }
  return getAgent(deps, agentId);
}
