import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { findContentBeginnings, type ReadResult } from '../../../db/repositories/circumstances.repository.ts';
import { isRecord } from '../../../platform/json.ts';

/** A result an agent has read. */
export interface EarlierResult {
  toolName: string;
  /** As JSON text. */
  text: string;
  /** Only its beginning is there, or nothing: what was copied from the rest cannot be known. */
  isCut: boolean;
}

/** Characters of one result, and of all results of a run together, that are looked through. */
const maxResultCharacters = 100_000;
const maxRunCharacters = 1_000_000;

/** Results never change under their hash, and every further call of a run wants the same ones again. Those kept longest go first. */
const maxKeptCharacters = 16_000_000;
const kept = new Map<string, string>();
let keptCharacters = 0;

function keep(hash: string, text: string): void {
  if (kept.has(hash)) return;
  kept.set(hash, text);
  keptCharacters += text.length;
  while (keptCharacters > maxKeptCharacters) {
    const [oldest, oldText] = kept.entries().next().value as [string, string];
    kept.delete(oldest);
    keptCharacters -= oldText.length;
  }
}

/** The texts of results, newest first; those over the bound are cut or empty and say so. */
export async function readResults(db: Kysely<Database>, results: readonly ReadResult[]): Promise<EarlierResult[]> {
  let left = maxRunCharacters;
  const within = new Set<string>();
  for (const { hash, bytes } of results) {
    left -= Math.min(bytes, maxResultCharacters);
    if (left >= 0) within.add(hash);
  }
  const texts = new Map([...within].flatMap((hash) => (kept.has(hash) ? [[hash, kept.get(hash) as string]] : [])));
  for (const [hash, text] of await findContentBeginnings(db, [...within].filter((hash) => !texts.has(hash)), maxResultCharacters)) {
    texts.set(hash, text);
    keep(hash, text);
  }
  return results.map(({ tool_name: toolName, hash }) => {
    const text = texts.get(hash);
    return { toolName, text: text ?? '', isCut: text === undefined || text.length >= maxResultCharacters };
  });
}

const leastCopiedLength = 6;
const maxCopiedTexts = 1_000;

/** Every text among the arguments that is long enough to say something, however deep it stands. `isCut`: there are more than are looked for. */
function textsIn(args: unknown): { texts: string[]; isCut: boolean } {
  const texts = new Set<string>();
  const queue: unknown[] = [args];
  for (const value of queue) {
    if (typeof value === 'string' && value.trim().length >= leastCopiedLength) texts.add(value.trim());
    else if (Array.isArray(value) || isRecord(value)) for (const inner of Object.values(value)) queue.push(inner);
    if (texts.size > maxCopiedTexts) return { texts: [], isCut: true };
  }
  return { texts: [...texts], isCut: false };
}

/**
 * Where a call's arguments may come from: tools whose results the run has read, and those in whose results a text of the arguments stands word
 * for word. A result that was not looked through to its end counts as one it may stand in, and so does every result where there are too many texts to look for.
 */
export function toTaint(read: readonly EarlierResult[], args: unknown): { read_from: string[]; copied_from: string[] } {
  // Inside JSON a text is written with escapes; a text that is JSON itself may hold it as it is.
  const { texts, isCut: areTextsCut } = textsIn(args);
  const parts = texts.flatMap((text) => [...new Set([JSON.stringify(text).slice(1, -1), text])]);
  const copied = read.filter(({ text, isCut }) => areTextsCut || (parts.length > 0 && (isCut || parts.some((part) => text.includes(part)))));
  const names = (results: readonly EarlierResult[]): string[] => [...new Set(results.map(({ toolName }) => toolName))].toSorted();
  return { read_from: names(read), copied_from: names(copied) };
}
