/** Turns texts into vectors whose angle tells how much two texts have in common. */
export interface Embeddings {
  /** Kept with every vector: vectors of different models cannot be compared. */
  readonly model: string;
  /** Made in this process from letters and words alone; no model is called. */
  readonly isLocal: boolean;
  /** Similarity below which two texts have nothing in common. */
  readonly minSimilarity: number;
  /** One vector per text, in order. */
  embed(texts: readonly string[]): Promise<number[][]>;
}
