export type JsonObject = { ok: true; data: Record<string, unknown> | undefined } | { ok: false; message: string };

/** Line and column, from 1, of an offset. */
const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
};

const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const wordPattern = /true|false|null/y;

/**
 * Where `text` stops being JSON, and what was expected there. Engines word and place their errors differently or not at all, so the
 * place is found by a reader of our own.
 */
const findError = (text: string): { offset: number; expected: string } | undefined => {
  let at = 0;
  const fail = (expected: string): never => {
    throw { offset: at, expected };
  };
  const skip = (): void => {
    while (at < text.length && ' \t\r\n'.includes(text[at] as string)) at++;
  };
  const match = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found === null) return false;
    at += found[0].length;
    return true;
  };
  const readValue = (depth: number): void => {
    skip();
    const first = text[at];
    if (first === '{' || first === '[') {
      if (depth > 500) fail('less nesting');
      readMembers(first === '{' ? '}' : ']', depth);
    } else if (first === '"') {
      if (!match(stringPattern)) fail('a text that ends with " on its line');
    } else if (!match(numberPattern) && !match(wordPattern)) fail(at >= text.length ? 'a value, but the text ends' : 'a value');
  };
  const readMembers = (end: '}' | ']', depth: number): void => {
    at++;
    skip();
    if (text[at] === end) {
      at++;
      return;
    }
    for (;;) {
      skip();
      if (end === '}') {
        if (text[at] !== '"') fail('a name in double quotes');
        if (!match(stringPattern)) fail('a name that ends with "');
        skip();
        if (text[at] !== ':') fail('":"');
        at++;
      }
      readValue(depth + 1);
      skip();
      if (text[at] === end) break;
      if (text[at] !== ',') fail(`"," or "${end}"`);
      at++;
    }
    at++;
  };
  try {
    readValue(0);
    skip();
    if (at < text.length) fail('the end');
    return undefined;
  } catch (error) {
    return error as { offset: number; expected: string };
  }
};

/** Reads what was typed as JSON: nothing, or one object such as `example`. Errors say line and column. */
export const parseJsonObject = (text: string, example = '{"customer": "ACME"}'): JsonObject => {
  if (text.trim() === '') return { ok: true, data: undefined };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const error = findError(text);
    if (error === undefined) return { ok: false, message: 'This is not valid JSON.' };
    const { line, column } = placeOf(text, error.offset);
    return { ok: false, message: `Line ${line}, column ${column}: expected ${error.expected}.` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, message: `Line 1, column 1: expected an object, such as ${example}.` };
  return { ok: true, data: value as Record<string, unknown> };
};
