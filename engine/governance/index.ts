// Who acts, and what is written down about it. Policies are judged in engine/safety.
export { type Actor, systemActor } from './actor.ts';
