import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { Database } from '../../db/database.ts';
import { contentHashOf, findContents, insertContents } from '../../db/repositories/contents.repository.ts';
import { isWorthSharing, splitBody } from './request-parts.ts';

/** A stretch of a body: its text, or the name of a content that is one text or a node of further stretches. */
type Stretch = string | { ref: string };
interface Node {
  parts: Stretch[];
}
const nodeSchema = z.object({ parts: z.array(z.union([z.string(), z.object({ ref: z.string() })])) });

/** Stretches of one node. A longer body is a tree: what a growing conversation shares with its last request is shared in whole nodes. */
const stretchesPerNode = 16;
/** 16 stretches to a node: no body has more levels. */
const maxLevels = 12;

/**
 * Keeps a request's body so that it can be given back byte for byte. Requests of one conversation share their parts, so that keeping
 * each of them costs about as much as the conversation, not its square. Returns the name it is read by.
 */
export async function storeRequestBody(db: Kysely<Database>, body: string): Promise<string> {
  const contents: unknown[] = [];
  const keep = (content: string | Node): { ref: string } => {
    contents.push(content);
    return { ref: contentHashOf(content) };
  };
  let stretches: Stretch[] = splitBody(body).map((part) => (isWorthSharing(part) ? keep(part) : part));
  while (stretches.length > stretchesPerNode) {
    const nodes: Stretch[] = [];
    for (let from = 0; from < stretches.length; from += stretchesPerNode) nodes.push(keep({ parts: stretches.slice(from, from + stretchesPerNode) }));
    stretches = nodes;
  }
  const { ref } = keep({ parts: stretches });
  await insertContents(db, contents);
  return ref;
}

/** A kept body; undefined when a part of it is gone. */
export async function readRequestBody(db: Kysely<Database>, ref: string): Promise<string | undefined> {
  let stretches: Stretch[] = [{ ref }];
  for (let level = 0; level < maxLevels; level++) {
    const refs = stretches.flatMap((stretch) => (typeof stretch === 'string' ? [] : [stretch.ref]));
    if (refs.length === 0) return stretches.join('');
    const contents = await findContents(db, refs);
    if (refs.some((name) => !contents.has(name))) return undefined;
    stretches = stretches.flatMap((stretch): Stretch[] => {
      if (typeof stretch === 'string') return [stretch];
      const content = contents.get(stretch.ref);
      return typeof content === 'string' ? [content] : nodeSchema.parse(content).parts;
    });
  }
  return undefined;
}
