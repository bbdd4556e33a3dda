import type { Json } from '../tool.ts';
import { jsonLength, toBoundary } from './cut-text.ts';
import { toPointerStep } from './find-path.ts';
import { partBudget } from './read-part.ts';

/** Characters shown before and after what was found. */
const contextCharacters = 120;
const maxShown = 50;
/** Beyond this many the rest is no longer counted. */
const maxCounted = 10_000;

interface Match {
  path: string;
  offset: number;
  text: string;
}

/** Every text of a value with its JSON pointer; numbers count as they are written. */
function* textsIn(value: Json, at: string): Generator<{ at: string; text: string }> {
  if (typeof value === 'string') yield { at, text: value };
  else if (typeof value === 'number') yield { at, text: String(value) };
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, at + toPointerStep(index));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      yield { at: at + toPointerStep(key), text: key };
      yield* textsIn(item, at + toPointerStep(key));
    }
  }
}

/**
 * Where a text stands in a value, whatever its case: path, offset within the text there, and some characters around it. `from` skips as
 * many matches. A key that matches is shown at its path.
 */
export function findText(value: Json, at: string, { find, from }: { find: string; from: number }): { output: { [key: string]: Json }; summary: string } {
  const pattern = new RegExp(find.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu');
  const matches: Match[] = [];
  let total = 0;
  let size = 0;
  let isFull = false;
  for (const { at: path, text } of textsIn(value, at)) {
    for (const match of text.matchAll(pattern)) {
      total += 1;
      if (total > maxCounted) break;
      if (isFull || total <= from) continue;
      const shown = text.slice(toBoundary(text, Math.max(0, match.index - contextCharacters)), toBoundary(text, Math.min(text.length, match.index + match[0].length + contextCharacters)));
      const json = jsonLength(shown) + jsonLength(path) + 50;
      if (matches.length === maxShown || (size + json > partBudget && matches.length > 0)) isFull = true;
      else {
        matches.push({ path: path.slice(0, 1_000), offset: match.index, text: shown });
        size += json;
      }
    }
    if (total > maxCounted) break;
  }
  const end = from + matches.length;
  const isCounted = total <= maxCounted;
  return {
    output: { matches: matches.map((match) => ({ ...match })), total_matches: Math.min(total, maxCounted), ...(isCounted ? {} : { note: `There are more than ${maxCounted} matches; look for something rarer.` }), next_items_from: end < Math.min(total, maxCounted) ? end : null },
    summary: total === 0 ? 'not found' : `found ${isCounted ? total : `more than ${maxCounted}`} times`,
  };
}
