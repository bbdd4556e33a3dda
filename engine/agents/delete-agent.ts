import { AppError } from '../../contracts/errors.ts';
import { listOpenRunIds, lockAgent, markAgentDeleted } from '../../db/repositories/agents.repository.ts';
import { insertAuditEntry } from '../../db/repositories/audit.repository.ts';
import { insertEvents } from '../../db/repositories/events.repository.ts';
import { type Actor, toAuditActor } from '../governance/index.ts';
import type { AgentDeps } from './check-definition.ts';

const namedRuns = 20;

/**
 * Deletes an agent that has no open runs; what it did stays readable. Throws AGENT_NOT_FOUND, and AGENT_HAS_OPEN_RUNS with the
 * first 20 of them in `details.run_ids`.
 */
export async function deleteAgent({ db }: Pick<AgentDeps, 'db'>, { agentId, actor }: { agentId: string; actor: Actor }): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const agent = await lockAgent(trx, agentId);
    if (agent === undefined) throw new AppError('AGENT_NOT_FOUND', `agent ${agentId}`);
    const runIds = await listOpenRunIds(trx, agentId, namedRuns);
    if (runIds.length > 0) throw new AppError('AGENT_HAS_OPEN_RUNS', undefined, { details: { run_ids: runIds } });
    await markAgentDeleted(trx, agentId);
    await insertEvents(trx, [{ type: 'agent-changed', run_id: null, data: { agent_id: agentId, change: 'deleted' } }]);
    await insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'agent.delete', objectType: 'agent', objectId: agentId,
      before: { name: agent.name, version: agent.current_version, ...agent.definition },
    });
  });
}
