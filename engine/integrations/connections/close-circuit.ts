import type { Connection } from '../../../contracts/connections.ts';
import { insertAuditEntry } from '../../../db/repositories/audit.repository.ts';
import { type Actor, toAuditActor } from '../../governance/index.ts';
import type { Circuits } from '../../llm/index.ts';
import type { ConnectionDeps } from './connection-deps.ts';
import { getConnection } from './read-connections.ts';

/** Lets calls of a connection that rests through again at once. Throws CONNECTION_NOT_FOUND. */
export async function closeCircuit({ circuits, ...deps }: Omit<ConnectionDeps, 'secretBox'> & { circuits: Pick<Circuits, 'close'> }, { connectionId, actor }: { connectionId: string; actor: Actor }): Promise<Connection> {
  const { circuit } = await getConnection(deps, connectionId);
  if (circuit.state !== 'closed') {
    await circuits.close(connectionId);
    await deps.db.transaction().execute((trx) => insertAuditEntry(trx, {
      ...toAuditActor(actor), action: 'connection.close_circuit', objectType: 'connection', objectId: connectionId,
      before: { state: circuit.state, failures_in_row: circuit.failures_in_row },
    }));
  }
  return getConnection(deps, connectionId);
}
