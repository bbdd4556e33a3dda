import type { Json } from './json.ts';
import { type KnownSecret, shortestSecret, spellingsOf } from './secret-spellings.ts';
import { createWordSearch, type WordSearch } from './word-search.ts';

/** Replaces what must not be read. Both give back what they were given, the very same, when there is nothing to replace. */
export interface Masker {
  text(text: string): string;
  /** Every string, key and number of a JSON value. */
  json<Value extends Json>(value: Value): Value;
}

/** Shorter than any spelling of a secret, so that none is in it. */
const nameless = '[***]';

/** Words that stand for a secret may themselves be read anywhere, also inside JSON text. */
const toLabel = (label: string): string => label.replace(/["\\\p{Cc}]/gu, '?').slice(0, 200);

/** Where secrets stand in a text, overlapping ones as one piece; the first one's label stands for it. */
function findPieces(search: WordSearch, labels: ReadonlyMap<string, string>, text: string): { from: number; to: number; label: string }[] {
  const pieces: { from: number; to: number; label: string }[] = [];
  for (let found = search.next(text, 0); found !== undefined; found = search.next(text, found.at + 1)) {
    const { at, word } = found;
    const last = pieces.at(-1);
    // The end of one may be the start of another.
    if (last !== undefined && at < last.to) last.to = Math.max(last.to, at + word.length);
    else pieces.push({ from: at, to: at + word.length, label: labels.get(word) ?? nameless });
  }
  return pieces;
}

/** Makes one search of all spellings of all secrets. The same secret under two labels goes by the first. */
export function createMasker(secrets: readonly KnownSecret[]): Masker {
  const labels = new Map<string, string>();
  for (const secret of secrets) for (const spelling of spellingsOf(secret)) if (!labels.has(spelling)) labels.set(spelling, toLabel(secret.label));
  if (labels.size === 0) return { text: (text) => text, json: (value) => value };
  const search = createWordSearch(labels.keys(), shortestSecret);
  // A name that holds a secret would show it, and be masked again wherever masked text is.
  const shown = new Map([...new Set(labels.values())].map((label) => [label, search.next(label, 0) === undefined ? label : nameless]));
  for (const [spelling, label] of labels) labels.set(spelling, shown.get(label) ?? nameless);

  const mask = (text: string): string => {
    const pieces = findPieces(search, labels, text);
    if (pieces.length === 0) return text;
    let masked = '';
    let end = 0;
    for (const { from, to, label } of pieces) {
      masked += text.slice(end, from) + label;
      end = to;
    }
    return masked + text.slice(end);
  };
  /** Two keys that differed in what is hidden must not become one. */
  const maskKeys = (keys: readonly string[]): string[] => {
    const taken = new Set(keys);
    return keys.map((key) => {
      const hidden = mask(key);
      let shown = hidden;
      for (let n = 2; shown !== key && taken.has(shown); n++) shown = `${hidden} (${n})`;
      taken.add(shown);
      return shown;
    });
  };
  const maskObject = (value: { [key: string]: Json }): { [key: string]: Json } => {
    const keys = Object.keys(value);
    const items = keys.map((key) => maskJson(value[key] as Json));
    const areKeysClean = keys.every((key) => mask(key) === key);
    if (areKeysClean && keys.every((key, index) => value[key] === items[index])) return value;
    const shown = areKeysClean ? keys : maskKeys(keys);
    return Object.fromEntries(shown.map((key, index) => [key, items[index] as Json]));
  };
  const maskJson = (value: Json): Json => {
    if (typeof value === 'string') return mask(value);
    // Digits alone may be a secret; part of a longer number is a number.
    if (typeof value === 'number') return labels.get(String(value)) ?? value;
    if (Array.isArray(value)) {
      const shown = value.map(maskJson);
      return shown.every((item, index) => item === value[index]) ? value : shown;
    }
    return typeof value === 'object' && value !== null ? maskObject(value) : value;
  };
  return { text: mask, json: (value) => maskJson(value) as typeof value };
}
