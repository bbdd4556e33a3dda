// Rate limits of connections, shared by all workers. What a provider's headers look like is its adapter's to know.
export { type Capacity, createCapacity } from './capacity.ts';
