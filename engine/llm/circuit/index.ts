// Circuits of connections, shared by all workers. Which failures count is for the caller to say.
export { type Circuits, createCircuits } from './circuits.ts';
