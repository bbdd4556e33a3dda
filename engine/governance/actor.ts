/** Who did something: a signed-in person, or Maestro itself (`userId` null). `requestId` ties the audit entry to the API request. */
export interface Actor {
  userId: string | null;
  name: string;
  requestId?: string | undefined;
  /** Where it came from: a client's address, `bulk`, a Temporal signal. */
  source?: string | undefined;
}

/** Who did it, as an audit entry names them. */
export const toAuditActor = ({ userId, name, requestId, source }: Actor) => ({ actorId: userId, actorName: name, requestId, source });

/** Maestro acting on its own: expiry, sweeper, seeding. */
export const systemActor: Actor = { userId: null, name: 'Maestro' };
