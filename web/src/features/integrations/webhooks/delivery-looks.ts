import type { WebhookDelivery } from '@contracts/notices.ts';
import { CircleCheck, CircleX, Clock } from 'lucide-react';
import type { Look } from '../components/look-pill.tsx';

/** How the states of a delivery look. */
export const deliveryLooks: Record<WebhookDelivery['state'], Look> = {
  sent: { word: 'Sent', icon: CircleCheck, tint: 'bg-completed-tint text-completed-text' },
  failed: { word: 'Failed', icon: CircleX, tint: 'bg-failed-tint text-failed-text' },
  waiting: { word: 'Waiting', icon: Clock, tint: 'bg-waiting-tint text-waiting-text' },
};
