// What agents keep between runs: memories, their embeddings and the vector stores that index them. The row is the truth; a vector
// store is an index that can be rebuilt from it. What enters a prompt is decided in engine/context and engine/reasoning.
export { createMemory } from './create-memory.ts';
export type { Memory } from './memory.ts';
