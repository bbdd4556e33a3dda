import type { Connection } from '@contracts/connections.ts';
import { Power } from 'lucide-react';
import { integrationLooks } from './integration-card.tsx';
import type { Look } from './look-pill.tsx';

/** How the states of something outside look: those of every integration, and off. */
export const connectionLooks: Record<Connection['state'], Look> = {
  ...integrationLooks,
  off: { word: 'Off', icon: Power, tint: 'bg-queued-tint text-queued-text' },
};
