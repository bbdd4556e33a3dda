import type { Connection } from '@contracts/connections.ts';
import { type LucideIcon, Power } from 'lucide-react';
import { integrationLooks } from '../components/integration-card.tsx';

/** How the states of a connection to models look: those of every integration, and off. */
export const connectionLooks: Record<Connection['state'], { word: string; icon: LucideIcon; tint: string }> = {
  ...integrationLooks,
  off: { word: 'Off', icon: Power, tint: 'bg-queued-tint text-queued-text' },
};
