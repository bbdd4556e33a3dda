import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { closeCircuitRow, countFailure, findCircuit, takeTrial } from '../../../db/repositories/llm-circuits.repository.ts';

export type CircuitCheck = { isOpen: false } | { isOpen: true; retryInMs: number; message: string };

/** Whether a connection is worth calling, known to all workers. */
export interface Circuits {
  /** May a call be sent? After a rest exactly one caller is told yes and tries; the others wait for what comes of it. */
  check(connectionId: string): Promise<CircuitCheck>;
  succeeded(connectionId: string): Promise<void>;
  /** The connection failed, not the request: it could not be reached, or answered nonsense. */
  failed(connectionId: string, error: { code: string; message: string }): Promise<void>;
  /** A person says: send calls again. */
  close(connectionId: string): Promise<void>;
}

/** Failures in a row that open a circuit. */
const threshold = 5;
const restSeconds = 30;
const maxRestSeconds = 300;
/** How long a trial may take before somebody else may try. */
const trialSeconds = 120;
/** Who waits for another's trial comes back after this at most. */
const trialPollMs = 5_000;
const maxMessageCharacters = 600;

export function createCircuits({ db }: { db: Kysely<Database> }): Circuits {
  return {
    async check(connectionId) {
      const row = await findCircuit(db, connectionId);
      if (row === undefined || row.circuit === 'closed') return { isOpen: false };
      if (await takeTrial(db, connectionId, trialSeconds)) return { isOpen: false };
      const last = row.last_error === null ? '' : ` Last: ${row.last_error.message}`;
      const restMs = row.circuit === 'open' ? (row.retry_at?.getTime() ?? 0) - row.now.getTime() : trialPollMs;
      // A rest that ended this moment went to another caller's trial.
      const retryInMs = restMs > 0 ? Math.ceil(restMs) : trialPollMs;
      return { isOpen: true, retryInMs, message: `The connection rests after ${row.failures_in_row} failures in a row.${last}` };
    },
    succeeded: (connectionId) => closeCircuitRow(db, connectionId, { isSuccess: true }),
    failed: (connectionId, { code, message }) =>
      countFailure(db, connectionId, { code, message: message.slice(0, maxMessageCharacters).toWellFormed() }, { threshold, restSeconds, maxRestSeconds }),
    close: (connectionId) => closeCircuitRow(db, connectionId, { isSuccess: false }),
  };
}
