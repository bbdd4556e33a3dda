import type { Kysely, Transaction } from 'kysely';
import type { Agent, AgentDefinition, CreateAgentBody } from '../../contracts/agents.ts';
import { AppError } from '../../contracts/errors.ts';
import type { Database } from '../../db/database.ts';
import { findAgentIdByName, insertAgent, insertAgentVersion } from '../../db/repositories/agents.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { newId } from '../../platform/ids.ts';
import { type Actor, toAuditActor } from '../governance/index.ts';
import { type AgentDeps, checkDefinition } from './check-definition.ts';
import { getAgent } from './read-agents.ts';

/** AGENT_NAME_TAKEN on the form's own field, with the agent that has the name. */
export async function refuseTakenName(db: Kysely<Database>, name: string): Promise<never> {
  const message = 'Another agent already has this name.';
  throw new AppError('AGENT_NAME_TAKEN', message, { details: { issues: [{ path: 'name', message }], agent_id: await findAgentIdByName(db, name) } });
}

/** Writes an agent with its first version, event and audit entry; undefined when the name is taken. */
export async function insertNewAgent(
  trx: Transaction<Database>,
  { name, definition, isDemo, actor }: { name: string; definition: AgentDefinition; isDemo: boolean; actor: Actor },
): Promise<string | undefined> {
  const agent = await insertAgent(trx, { id: newId(), name, isDemo, createdBy: actor.userId });
  if (agent === undefined) return undefined;
  await insertAgentVersion(trx, { agentId: agent.id, version: 1, name, definition, createdBy: actor.userId });
  await insertEvents(trx, [{ type: 'agent-changed', run_id: null, data: { agent_id: agent.id, change: 'created' } }]);
  await insertAuditEntry(trx, {
    ...toAuditActor(actor), action: 'agent.create', objectType: 'agent', objectId: agent.id, after: { name, version: 1, ...definition },
  });
  return agent.id;
}

/** Creates an agent, ready to run. Throws TOOL_UNKNOWN, VALIDATION_FAILED and AGENT_NAME_TAKEN, each naming the field. */
export async function createAgent(deps: AgentDeps, { body, actor }: { body: CreateAgentBody; actor: Actor }): Promise<Agent> {
  const { name, ...definition } = body;
  await checkDefinition({ ...deps, tools: await deps.tools.current() }, definition);
  const agentId = await deps.db.transaction().execute((trx) => insertNewAgent(trx, { name, definition, isDemo: false, actor }));
  return getAgent(deps, agentId ?? (await refuseTakenName(deps.db, name)));
}
