import type { Connection } from '@contracts/connections.ts';

/** What wants a look first, then what works; what is not set up, and the scripts that stand in for it, come last. */
const urgency: Record<Connection['state'], number> = { failing: 0, degraded: 1, untested: 2, healthy: 3, off: 4, not_configured: 5 };
const placeOf = (connection: Connection): number => (connection.api === 'scripted' ? 6 : urgency[connection.state]);

/** Connections in the order of the page; equals by name. */
export const sortConnections = (connections: readonly Connection[]): Connection[] =>
  connections.toSorted((a, b) => placeOf(a) - placeOf(b) || a.name.localeCompare(b.name));
