/**
 * How deep a text of JSON nests, without parsing it. Readers of JSON descend by recursion, so that a text of brackets alone takes down
 * whoever reads it: a schema, a hash, the database.
 */
export function jsonDepth(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === '"') {
      for (index++; index < text.length && text[index] !== '"'; index++) if (text[index] === '\\') index++;
    } else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
}

/** Deeper than any arguments, usage or state that means something. */
export const maxJsonDepth = 64;
