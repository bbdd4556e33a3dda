/** Who did something: a signed-in person, or Maestro itself (`userId` null). `requestId` ties the audit entry to the API request. */
export interface Actor {
  userId: string | null;
  name: string;
  requestId?: string | undefined;
}

/** Maestro acting on its own: expiry, sweeper, seeding. */
export const systemActor: Actor = { userId: null, name: 'Maestro' };
