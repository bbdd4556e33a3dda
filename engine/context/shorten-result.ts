import type { Json } from '../../platform/json.ts';

/** How much detail is kept: items of a list, characters of a text. Tried in this order until the result fits. */
const levels: readonly { items: number; characters: number }[] = [
  { items: 500, characters: 16_000 }, { items: 200, characters: 8_000 }, { items: 100, characters: 4_000 }, { items: 50, characters: 2_000 },
  { items: 50, characters: 800 }, { items: 25, characters: 400 }, { items: 12, characters: 200 }, { items: 6, characters: 100 }, { items: 3, characters: 60 },
  { items: 1, characters: 40 },
];

const cutText = (text: string, characters: number): string =>
  text.length <= characters ? text : `${text.slice(0, characters).toWellFormed()}… (${text.length - characters} more characters)`;

function cut(value: Json, level: { items: number; characters: number }): Json {
  if (typeof value === 'string') return cutText(value, level.characters);
  if (Array.isArray(value)) {
    const kept = value.slice(0, level.items).map((item) => cut(item, level));
    return value.length <= level.items ? kept : [...kept, `… (${value.length - level.items} more items)`];
  }
  if (typeof value === 'object' && value !== null) {
    // Keys of an object are its shape: many more of them are kept than items of a list.
    const entries = Object.entries(value);
    const limit = level.items * 4;
    const kept: [string, Json][] = entries.slice(0, limit).map(([key, item]) => [key.length > 200 ? cutText(key, 200) : key, cut(item, level)]);
    return Object.fromEntries(entries.length <= limit ? kept : [...kept, ['…', `(${entries.length - limit} more keys)`]]);
  }
  return value;
}

/**
 * A tool's result as the model sees it, at most about `budgetChars` characters plus one line saying what is missing. The first line
 * stays JSON of the same shape, with long lists and texts cut, so that counts and figures beside a long list survive; only when no
 * such cut fits, the start of the text is all there is.
 */
export function shortenResult(json: string, budgetChars: number, { toolCallId }: { toolCallId: string }): { text: string; isShortened: boolean } {
  if (json.length <= budgetChars) return { text: json, isShortened: false };
  const note = `\n[Shortened from ${json.length} characters. The whole result is kept: read any part of it with read_result and {"result_of": ${JSON.stringify(toolCallId)}} (with path, offset or find); other tools that accept result_of get all of it.]`;
  let value: Json | undefined;
  try {
    value = JSON.parse(json) as Json;
  } catch {
    value = undefined;
  }
  if (value !== undefined) {
    for (const level of levels) {
      const shorter = JSON.stringify(cut(value, level));
      if (shorter.length <= budgetChars) return { text: shorter + note, isShortened: true };
    }
  }
  return { text: json.slice(0, budgetChars).toWellFormed() + note, isShortened: true };
}
