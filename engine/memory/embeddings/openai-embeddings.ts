import OpenAI from 'openai';
import type { Embeddings } from './embeddings.ts';

const batchSize = 64;
const timeoutMs = 20_000;

/** Embeddings of an OpenAI-compatible endpoint. Retries are off: a text that cannot be embedded now is embedded with a later call. */
export function createOpenAiEmbeddings(options: { model: string; baseUrl?: string | undefined; apiKey?: string | undefined }): Embeddings {
  // Local servers want no key, and the client insists on one.
  const client = new OpenAI({ apiKey: options.apiKey ?? 'none', baseURL: options.baseUrl ?? null, maxRetries: 0, timeout: timeoutMs });
  const embedBatch = async (texts: readonly string[]): Promise<number[][]> => {
    // Asked for explicitly: the client would ask for base64, which not every compatible server knows.
    const { data } = await client.embeddings.create({ model: options.model, input: [...texts], encoding_format: 'float' });
    const vectors = [...data].sort((a, b) => a.index - b.index).map((entry) => entry.embedding);
    const length = vectors[0]?.length ?? 0;
    const isUsable = vectors.length === texts.length && length > 0 && vectors.every((vector) => vector.length === length && vector.every(Number.isFinite));
    if (!isUsable) throw new Error(`the embedding endpoint answered ${vectors.length} vectors for ${texts.length} texts, or unusable ones`);
    return vectors;
  };
  return {
    model: options.model,
    isLocal: false,
    // Where "nothing in common" lies differs from model to model; ranks decide.
    minSimilarity: 0,
    async embed(texts) {
      const vectors: number[][] = [];
      for (let start = 0; start < texts.length; start += batchSize) vectors.push(...(await embedBatch(texts.slice(start, start + batchSize))));
      return vectors;
    },
  };
}
