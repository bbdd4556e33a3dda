// Telling people and other systems of approvals: written with the fact it tells of, delivered after that. Events of the web app are written where they happen.
export { type Decider, queueNotices } from './queue-notices.ts';
export type { Notifier } from './notifier.ts';
