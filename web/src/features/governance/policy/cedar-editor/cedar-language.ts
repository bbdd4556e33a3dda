import { HighlightStyle, StreamLanguage, type StringStream, syntaxHighlighting } from '@codemirror/language';
import { tags } from '@lezer/highlight';
import { keywords, literals } from './cedar-words.ts';

const anyOf = (words: ReadonlyMap<string, string>): RegExp => new RegExp(`^(${[...words.keys()].join('|')})\\b`);
const keyword = anyOf(keywords);
const literal = anyOf(literals);
const variables = /^(principal|action|resource|context)\b/;

interface CedarState {
  isInString: boolean;
}

/** The rest of a string from inside it; a string may go on over lines. */
const readString = (stream: StringStream, state: CedarState): 'string' => {
  state.isInString = true;
  while (!stream.eol()) {
    const character = stream.next();
    if (character === '\\') stream.next();
    else if (character === '"') {
      state.isInString = false;
      break;
    }
  }
  return 'string';
};

/**
 * The words of Cedar, for colours and for what can be written next: what is right and wrong the server says.
 * @see https://docs.cedarpolicy.com/policies/syntax-grammar.html
 */
export const cedarLanguage = StreamLanguage.define<CedarState>({
  name: 'cedar',
  startState: () => ({ isInString: false }),
  token: (stream, state) => {
    if (state.isInString) return readString(stream, state);
    if (stream.eatSpace()) return null;
    if (stream.match('//')) {
      stream.skipToEnd();
      return 'lineComment';
    }
    if (stream.eat('"')) return readString(stream, state);
    if (stream.match(/^@[A-Za-z_]\w*/)) return 'meta';
    if (stream.match(/^\d+/)) return 'number';
    if (stream.match(keyword)) return 'keyword';
    if (stream.match(variables)) return 'variableName.special';
    if (stream.match(literal)) return 'bool';
    if (stream.match(/^[A-Za-z_]\w*(?=\s*::)/)) return 'typeName';
    if (stream.match(/^[A-Za-z_]\w*/)) return 'propertyName';
    if (stream.match(/^(&&|\|\||[=!<>]=?|[+*-])/)) return 'operator';
    stream.next();
    return null;
  },
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
});

/** The app's own colours; each has the contrast of text in both themes. */
const cedarColours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--primary)', fontWeight: '600' },
  { tag: tags.special(tags.variableName), color: 'var(--state-running-text)' },
  { tag: [tags.string, tags.bool, tags.number], color: 'var(--state-completed-text)' },
  { tag: tags.meta, color: 'var(--state-waiting-text)' },
  { tag: tags.typeName, color: 'var(--state-timed-out-text)' },
  { tag: tags.lineComment, color: 'var(--muted-foreground)', fontStyle: 'italic' },
]);

export const cedar = [cedarLanguage, syntaxHighlighting(cedarColours)];
