import { AppError } from '../../../contracts/errors.ts';
import { clip } from '../../../platform/shorten.ts';
import type { Json } from '../tool.ts';
import { cutText } from './cut-text.ts';
import { toPointerStep } from './find-path.ts';

/** Characters of JSON the part itself may take; what is said about it takes some hundred more, and together they stay below 20,000. */
export const partBudget = 18_000;
const maxKeysListed = 100;

interface Part {
  output: { [key: string]: Json };
  summary: string;
}
const count = (n: number): string => n.toLocaleString('en-US');

/** A text, or JSON as text, piece by piece. `next_offset` is null at the end. */
export function readText(text: string, { offset = 0, length = partBudget }: { offset?: number | undefined; length?: number | undefined }): Part {
  if (offset > text.length) throw new AppError('TOOL_INPUT_INVALID', `offset ${offset} is behind the end: there are ${text.length} characters.`);
  const piece = cutText(text, { offset, length, budget: partBudget });
  const next = piece.end < text.length ? piece.end : null;
  return {
    output: { text: piece.text, offset: piece.offset, total_characters: text.length, next_offset: next },
    summary: text.length === 0 ? 'an empty text' : `characters ${count(piece.offset)} to ${count(piece.end)} of ${count(text.length)}`,
  };
}

/** Items of a list, whole ones, as many as fit. `next_items_from` is null at the end; an item too large for itself is named, to be read by its path. */
export function readItems(list: readonly Json[], at: string, { from = 0, most = list.length }: { from?: number | undefined; most?: number | undefined }): Part {
  if (from > list.length) throw new AppError('TOOL_INPUT_INVALID', `items_from ${from} is behind the end: there are ${list.length} items.`);
  const items: Json[] = [];
  let size = 0;
  let note: string | undefined;
  while (items.length < most && from + items.length < list.length) {
    const index = from + items.length;
    const json = JSON.stringify(list[index]).length + 1;
    if (size + json > partBudget) {
      if (items.length > 0) break;
      note = `Item ${index} alone has ${json - 1} characters of JSON: read it with path ${JSON.stringify(at + toPointerStep(index))}, as text with offset 0.`;
      break;
    }
    items.push(list[index] as Json);
    size += json;
  }
  const end = from + items.length + (note === undefined ? 0 : 1);
  return {
    output: { items, items_from: from, total_items: list.length, next_items_from: end < list.length ? end : null, ...(note === undefined ? {} : { note }) },
    summary: items.length === 0 ? `0 of ${count(list.length)} items` : `items ${count(from)} to ${count(from + items.length - 1)} of ${count(list.length)}`,
  };
}

const describe = (value: Json): string => {
  if (typeof value === 'string') return `text of ${value.length} characters`;
  if (Array.isArray(value)) return `list of ${value.length} items`;
  if (typeof value === 'object' && value !== null) return `object with ${Object.keys(value).length} keys`;
  return JSON.stringify(value);
};

/** What an object too large to show consists of, so that its parts can be asked for. */
function readKeys(value: { [key: string]: Json }, at: string, totalCharacters: number): Part {
  const entries = Object.entries(value);
  const keys: Json[] = [];
  let size = 0;
  for (const [key, item] of entries) {
    const entry = { key: clip(key, 60), holds: describe(item) };
    size += JSON.stringify(entry).length + 1;
    if (keys.length === maxKeysListed || size > partBudget) break;
    keys.push(entry);
  }
  const example = at + toPointerStep(entries[0]?.[0] ?? '');
  return {
    output: { keys, total_keys: entries.length, total_characters: totalCharacters, note: `Too large to show whole: read a part with path${example.length > 100 ? '' : ` (e.g. ${JSON.stringify(example)})`}, or the JSON as text with offset 0.` },
    summary: `${count(entries.length)} keys`,
  };
}

export interface PartRequest {
  offset?: number | undefined;
  length?: number | undefined;
  items_from?: number | undefined;
  items_count?: number | undefined;
}

/** The part of a value that was asked for: text by characters, a list by items, anything by the characters of its JSON when `offset` or `length` is given. */
export function readPart(value: Json, at: string, { offset, length, items_from: from, items_count: most }: PartRequest): Part {
  const isByCharacters = offset !== undefined || length !== undefined;
  if (from !== undefined || most !== undefined) {
    if (!Array.isArray(value)) throw new AppError('TOOL_INPUT_INVALID', `What stands ${at === '' ? 'at the top of the result' : `at "${at.slice(0, 200)}"`} is no list (${describe(value)}): give the path of a list, or leave items_from and items_count out.`);
    return readItems(value, at, { from, most });
  }
  if (typeof value === 'string') return readText(value, { offset, length });
  if (isByCharacters) return readText(JSON.stringify(value), { offset, length });
  if (Array.isArray(value)) return readItems(value, at, {});
  const json = JSON.stringify(value);
  if (json.length <= partBudget) return { output: { value, total_characters: json.length }, summary: `${count(json.length)} characters` };
  return readKeys(value as { [key: string]: Json }, at, json.length);
}
