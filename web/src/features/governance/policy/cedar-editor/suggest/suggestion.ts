/** Something that can be written, with its meaning. */
export interface Suggestion {
  /** The word itself, as it stands in the text. */
  name: string;
  /** What people read and type; default: the name. */
  label?: string;
  /** What is typed may fit this as well. */
  alias?: string;
  /** Its type. */
  detail: string;
  meaning: string;
  /** What is written, around where the cursor goes; default: the name. */
  insert?: { before: string; after?: string };
  /** Where to begin writing, when before the word. */
  from?: number;
  /** More or less likely than others. */
  boost?: number;
  /** What it writes leaves the next thing to choose. */
  reopens?: boolean;
}

/** What stands behind the cursor and belongs to what is written: the rest of the word or of the quoted name, and what a suggestion would bring along. */
function writtenAfter(rest: string, isQuoted: boolean): { length: number; isFollowed: boolean } {
  const own = isQuoted ? /^[^"\n(),;{}[\]]*"/ : /^\w*/;
  const length = own.exec(rest)?.[0].length ?? 0;
  return { length, isFollowed: !isQuoted && /^\s*(\(|\{|::)/.test(rest.slice(length)) };
}

/** The change that writes a suggestion, and where the cursor goes. What already stands behind the word is not written twice. */
export function changeFor(suggestion: Suggestion, text: string, from: number, position: number): { from: number; to: number; insert: string; cursor: number } {
  const { name, insert = { before: name } } = suggestion;
  const isQuoted = text[from - 1] === '"' && insert.before.endsWith('"');
  const { length, isFollowed } = writtenAfter(text.slice(position), isQuoted);
  const isShort = isFollowed && suggestion.from === undefined && insert.before.startsWith(name) && insert.before !== name;
  const start = suggestion.from ?? from;
  const before = isShort ? name : insert.before;
  return { from: start, to: position + length, insert: isShort ? name : before + (insert.after ?? ''), cursor: start + before.length };
}
