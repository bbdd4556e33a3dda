import { cedarLanguage } from '../cedar-language.ts';

export interface Token {
  kind: 'word' | 'annotation' | 'string' | 'comment' | 'number' | 'sign';
  text: string;
  from: number;
  to: number;
}

const isWord = /^[A-Za-z_]\w*$/;
const kinds: Readonly<Record<string, Token['kind']>> = { string: 'string', lineComment: 'comment', number: 'number', meta: 'annotation', operator: 'sign' };
/** Strings that stand together come as one token. */
const isClosed = /^(?:"(?:[^"\\]|\\.)*")+$/s;

/** Whether a string's end is there. */
export const isClosedString = ({ text }: Token): boolean => isClosed.test(text);

/** The tokens of a text, wrong text too. A string without an end goes on to the end of the text. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = [];
  const add = (kind: Token['kind'], from: number, to: number): void => {
    const last = tokens.at(-1);
    if (last?.kind === 'string' && !isClosedString(last)) {
      tokens[tokens.length - 1] = { ...last, text: text.slice(last.from, to), to };
    } else tokens.push({ kind, text: text.slice(from, to), from, to });
  };
  /** What the language has no colour for. */
  const addSigns = (from: number, to: number): void => {
    for (const sign of text.slice(from, to).matchAll(/::|\S/g)) add('sign', from + sign.index, from + sign.index + sign[0].length);
  };
  let end = 0;
  cedarLanguage.parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isTop || type.isAnonymous) return;
      addSigns(end, from);
      add(kinds[type.name] ?? (isWord.test(text.slice(from, to)) ? 'word' : 'sign'), from, to);
      end = to;
    },
  });
  addSigns(end, text.length);
  return tokens;
}

const openings: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
export const isOpening = ({ kind, text }: Token): boolean => kind === 'sign' && Object.values(openings).includes(text);
export const isClosing = ({ kind, text }: Token): boolean => kind === 'sign' && Object.hasOwn(openings, text);

/** Where the bracket was opened that closes at `index`; undefined: nowhere. */
export function openingOf(tokens: readonly Token[], index: number): number | undefined {
  let depth = 0;
  for (let at = index; at >= 0; at--) {
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (isClosing(token)) depth++;
    else if (isOpening(token) && --depth === 0) return token.text === openings[tokens[index]?.text ?? ''] ? at : undefined;
  }
  return undefined;
}
