/** Who did something: a signed-in person, or Maestro itself (`userId` null). `requestId` ties the audit entry to the API request. */
export interface Actor {
  userId: string | null;
  name: string;
  requestId?: string | undefined;
}

/** Who did it, as an audit entry names them. */
export const toAuditActor = ({ userId, name, requestId }: Actor) => ({ actorId: userId, actorName: name, requestId });

/** Maestro acting on its own: expiry, sweeper, seeding. */
export const systemActor: Actor = { userId: null, name: 'Maestro' };
