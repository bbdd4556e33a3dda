import type { Kysely } from 'kysely';
import type { Database } from '../../../db/database.ts';
import { type CallCircumstances, findContentBeginnings } from '../../../db/repositories/circumstances.repository.ts';
import { isRecord } from '../../../platform/json.ts';

/** Something an agent has read in a run: the result of a call, the error of one, or what it remembered of earlier runs. */
export interface EarlierText {
  /** Where it came from: the tool called and those whose results or files were handed to the call as they are; of a memory, all the tools it came from. */
  tools: readonly string[];
  /** How a later call names it instead of copying it: the id of the call, ids and names of its files. */
  names: readonly string[];
  /** A result as JSON text. */
  text: string;
  /** Only its beginning is there, or nothing: what was copied from the rest cannot be known. */
  isCut: boolean;
}

/** Stands among the tools for remembered texts of which it is not known where they came from. */
const unknownMemory = 'memory';

/** Characters of one text, and of all results of a run together, that are looked through. */
export const maxTextCharacters = 100_000;
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

/** The texts of results by name, newest first; those over the bound are left out. */
async function findTexts(db: Kysely<Database>, contents: readonly { hash: string; bytes: number }[]): Promise<Map<string, string>> {
  let left = maxRunCharacters;
  const within = new Set<string>();
  for (const { hash, bytes } of contents) {
    left -= Math.min(bytes, maxTextCharacters);
    if (left >= 0) within.add(hash);
  }
  const texts = new Map([...within].flatMap((hash) => (kept.has(hash) ? [[hash, kept.get(hash) as string]] : [])));
  for (const [hash, text] of await findContentBeginnings(db, [...within].filter((hash) => !texts.has(hash)), maxTextCharacters)) {
    texts.set(hash, text);
    keep(hash, text);
  }
  return texts;
}

/** The texts of what a run had read. Those over the bounds are cut or empty and say so. */
export async function readEarlierTexts(db: Kysely<Database>, { outcomes, recalled }: Pick<CallCircumstances, 'outcomes' | 'recalled'>): Promise<EarlierText[]> {
  const texts = await findTexts(db, outcomes.flatMap(({ content }) => content ?? []));
  return [
    ...outcomes.map(({ tool_name: toolName, handed_over: handedOver, names, content, error }): EarlierText => {
      const text = error ?? (content === null ? undefined : texts.get(content.hash));
      return { tools: [toolName, ...handedOver], names, text: text ?? '', isCut: text === undefined || text.length >= maxTextCharacters };
    }),
    ...recalled.map(({ came_from: cameFrom, text }): EarlierText => ({ tools: cameFrom ?? [unknownMemory], names: [], text, isCut: false })),
  ];
}

const leastCopiedLength = 6;
const maxCopiedTexts = 1_000;

/** Every text among the arguments, however deep it stands. `isCut`: there are more that are long enough to say something than are looked for. */
function textsIn(args: unknown): { texts: string[]; isCut: boolean } {
  const texts = new Set<string>();
  let longTexts = 0;
  const queue: unknown[] = [args];
  for (const value of queue) {
    if (typeof value === 'string') {
      const text = value.trim();
      if (!texts.has(text) && text.length >= leastCopiedLength && ++longTexts > maxCopiedTexts) return { texts: [], isCut: true };
      texts.add(text);
    } else if (Array.isArray(value) || isRecord(value)) for (const inner of Object.values(value)) queue.push(inner);
  }
  return { texts: [...texts], isCut: false };
}

/** Ids are the same in capital letters; names of files are read as they are written, and one more that counts does no harm. */
const toComparedName = (name: string): string => name.trim().toLowerCase();

/** Where a call's arguments may come from, as names of tools, each once and in order. */
type Taint = {
  /** Of everything the run has read. */
  read_from: string[];
  /** Of everything an argument was copied from word for word, or names. */
  copied_from: string[];
  /** Of what arguments name: those results and files go into the call as they are. */
  handed_over: string[];
};

/**
 * Compares a call's arguments with what its run has read. A text that was not looked through to its end counts as one they may have been copied from,
 * and so does every text where there are too many arguments to look for.
 */
export function toTaint(read: readonly EarlierText[], args: unknown): Taint {
  const { texts, isCut: areTextsCut } = textsIn(args);
  const named = new Set(texts.map(toComparedName));
  // Inside JSON a text is written with escapes; a text that is JSON itself may hold it as it is.
  const parts = texts.filter((text) => text.length >= leastCopiedLength).flatMap((text) => [...new Set([JSON.stringify(text).slice(1, -1), text])]);
  const handedOver = read.filter(({ names }) => (areTextsCut && names.length > 0) || names.some((name) => named.has(toComparedName(name))));
  const copied = read.filter(({ text, isCut }) => areTextsCut || (parts.length > 0 && (isCut || parts.some((part) => text.includes(part)))));
  const toolsOf = (found: readonly EarlierText[]): string[] => [...new Set(found.flatMap(({ tools }) => tools))].toSorted();
  return { read_from: toolsOf(read), copied_from: toolsOf([...copied, ...handedOver]), handed_over: toolsOf(handedOver) };
}
