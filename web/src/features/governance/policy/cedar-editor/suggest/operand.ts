import { openingOf, type Token } from './tokens.ts';

/** What stands before a dot or an operator: `context.run`, `context.arguments.getTag("to")`, `["a", "b"]`. */
export interface Operand {
  root: 'word' | 'text' | 'set';
  /** Of a word: it and what follows its dots. */
  steps: { name: string; isCall: boolean }[];
  /** Index of its first token. */
  start: number;
}

/** The operand that ends just before the token at `end`; undefined where none does, or it is another expression in brackets. */
export function operandBefore(tokens: readonly Token[], end: number): Operand | undefined {
  const steps: Operand['steps'] = [];
  let next = end;
  for (;;) {
    let at = next - 1;
    const isCall = tokens[at]?.text === ')';
    if (isCall) at = (openingOf(tokens, at) ?? 0) - 1;
    const token = tokens[at];
    if (token === undefined) return undefined;
    if (token.kind === 'word') {
      steps.unshift({ name: token.text, isCall });
      if (tokens[at - 1]?.text !== '.') return { root: 'word', steps, start: at };
      next = at - 1;
      continue;
    }
    if (isCall) return undefined;
    if (token.kind === 'string') return tokens[at - 1]?.text === '::' ? undefined : { root: 'text', steps, start: at };
    if (token.text !== ']') return undefined;
    const start = openingOf(tokens, at);
    return start === undefined ? undefined : { root: 'set', steps, start };
  }
}

/** `context.run.tokens`, where nothing of it is a call. */
export const pathOf = ({ root, steps }: Operand): string | undefined => (root === 'word' && steps.every(({ isCall }) => !isCall) ? steps.map(({ name }) => name).join('.') : undefined);
