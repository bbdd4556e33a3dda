/** Shorter stretches stay where they are: a name of a content is longer than they are. */
const smallestPart = 200;

/** Text of JSON punctuation and strings: where a string ends, escapes skipped. */
function endOfString(text: string, start: number): number {
  let index = start + 1;
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1;
  return index;
}

/**
 * Places where a body may be cut: around each member of the top object, and around each item of a list that is such a member
 * (messages, tools, blocks of a system prompt).
 */
function findCuts(body: string): number[] {
  const cuts: number[] = [];
  const open: string[] = [];
  for (let index = 0; index < body.length; index++) {
    const character = body[index] as string;
    const isShallow = open.length === 1 || (open.length === 2 && open[1] === '[');
    if (character === '"') index = endOfString(body, index);
    else if (character === '{' || character === '[') {
      if (isShallow) cuts.push(index);
      open.push(character);
    } else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 1 || (open.length === 2 && open[1] === '[')) cuts.push(index + 1);
    } else if (isShallow && (character === ',' || character === ':')) cuts.push(index, index + 1);
  }
  return cuts;
}

/**
 * A request's body in parts that later requests of the same conversation will have again: each message, each tool, a system prompt.
 * Joined, the parts are the body, character for character, whatever the body is.
 */
export function splitBody(body: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const cut of [...findCuts(body), body.length]) {
    if (cut <= from) continue;
    parts.push(body.slice(from, cut));
    from = cut;
  }
  // Short neighbours are glue (commas, names, numbers) and stand together.
  return parts.reduce<string[]>((joined, part) => {
    const last = joined.at(-1);
    if (last !== undefined && last.length < smallestPart && part.length < smallestPart) joined[joined.length - 1] = last + part;
    else joined.push(part);
    return joined;
  }, []);
}

export const isWorthSharing = (part: string): boolean => part.length >= smallestPart;
