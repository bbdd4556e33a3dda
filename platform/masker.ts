import { type KnownSecret, spellingsOf } from './secret-spellings.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

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
function findPieces(pattern: RegExp, labels: ReadonlyMap<string, string>, text: string): { from: number; to: number; label: string }[] {
  const pieces: { from: number; to: number; label: string }[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [from, to] = [match.index, match.index + match[0].length];
    const last = pieces.at(-1);
    if (last !== undefined && from < last.to) last.to = Math.max(last.to, to);
    else pieces.push({ from, to, label: labels.get(match[0]) ?? nameless });
    // The end of this one may be the start of another.
    pattern.lastIndex = from + 1;
  }
  return pieces;
}

/**
 * Compiles secrets to one search: an alternation of all their spellings, the longest first. A text without any is read once.
 * The same secret under two labels goes by the first.
 */
export function createMasker(secrets: readonly KnownSecret[]): Masker {
  const labels = new Map<string, string>();
  for (const secret of secrets) for (const spelling of spellingsOf(secret)) if (!labels.has(spelling)) labels.set(spelling, toLabel(secret.label));
  if (labels.size === 0) return { text: (text) => text, json: (value) => value };
  const pattern = new RegExp([...labels.keys()].toSorted((a, b) => b.length - a.length).map((spelling) => spelling.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
  // A name that holds a secret would show it, and be masked again wherever masked text is.
  for (const [spelling, label] of labels) if (findPieces(pattern, labels, label).length > 0) labels.set(spelling, nameless);

  const mask = (text: string): string => {
    if (text.length === 0) return text;
    const pieces = findPieces(pattern, labels, text);
    if (pieces.length === 0) return text;
    let masked = '';
    let end = 0;
    for (const { from, to, label } of pieces) {
      masked += text.slice(end, from) + label;
      end = to;
    }
    return masked + text.slice(end);
  };
  const maskObject = (value: { [key: string]: Json }): { [key: string]: Json } => {
    let isSame = true;
    const entries: [string, Json][] = [];
    const taken = new Set<string>();
    for (const [key, item] of Object.entries(value)) {
      let shown = mask(key);
      // Two keys that differed in what is hidden must not become one.
      for (let n = 2; shown !== key && (taken.has(shown) || Object.hasOwn(value, shown)); n++) shown = `${mask(key)} (${n})`;
      taken.add(shown);
      const shownItem = maskJson(item);
      if (shown !== key || shownItem !== item) isSame = false;
      entries.push([shown, shownItem]);
    }
    return isSame ? value : Object.fromEntries(entries);
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
