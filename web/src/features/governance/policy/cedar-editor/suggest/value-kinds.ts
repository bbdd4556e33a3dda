import { functions, methods, type ValueKind } from '../cedar-words.ts';
import { type Operand, operandBefore, pathOf } from './operand.ts';
import type { Token } from './tokens.ts';
import type { Attribute, Vocabulary } from './vocabulary.ts';

const isFunction = (name: string): name is ValueKind => Object.hasOwn(functions, name);

/** What an operand is; undefined: nothing the vocabulary knows. */
export function kindOf({ root, steps }: Operand, { attributes }: Vocabulary): ValueKind | undefined {
  let kind: ValueKind | undefined = root === 'text' ? 'text' : root === 'set' ? 'text_set' : undefined;
  let path = '';
  for (const [index, { name, isCall }] of steps.entries()) {
    if (isCall) {
      if (index === 0 && root === 'word') kind = isFunction(name) ? name : undefined;
      else kind = kind === undefined ? undefined : methods[kind]?.[name]?.gives;
      path = '';
    } else {
      path = path === '' && index > 0 ? '' : [path, name].filter((part) => part !== '').join('.');
      kind = attributes.find((attribute) => attribute.path === path)?.kind;
    }
  }
  return kind;
}

/** What can be read of an operand by name. */
export function attributesOf(operand: Operand, { attributes }: Vocabulary): { name: string; attribute: Attribute }[] {
  const path = pathOf(operand);
  if (path === undefined) return [];
  return attributes
    .filter((attribute) => attribute.path.startsWith(`${path}.`))
    .map((attribute) => ({ name: attribute.path.slice(path.length + 1), attribute }))
    .filter(({ name }) => !name.includes('.'));
}

/** Paths the statement asks for with `has`. */
export const askedPaths = (statement: readonly Token[]): Set<string> =>
  new Set(statement.flatMap((token, at): string[] => {
    const [operand, name] = token.kind === 'word' && token.text === 'has' ? [operandBefore(statement, at), statement[at + 1]?.text] : [];
    return operand === undefined || name === undefined ? [] : [`${pathOf(operand)}.${name}`];
  }));

/** Tools the statement names. */
export const namedTools = (statement: readonly Token[]): string[] =>
  statement.flatMap((token, at) => (token.kind === 'string' && statement[at - 1]?.text === '::' && statement[at - 2]?.text === 'Tool' ? [token.text.slice(1, -1)] : []));
