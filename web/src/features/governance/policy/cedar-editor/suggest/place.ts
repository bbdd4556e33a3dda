import { keywords } from '../cedar-words.ts';
import { type Operand, operandBefore } from './operand.ts';
import { isClosedString, isClosing, isOpening, readTokens, type Token } from './tokens.ts';

/** What can be written somewhere. */
export type Place =
  | { kind: 'statement' | 'annotation' | 'clause' | 'value' | 'operator' | 'type' }
  /** A side of the scope: its variable, and how it is compared. */
  | { kind: 'variable' | 'scope-operator'; variable: string }
  /** An entity the variable is compared with; of one operator alone. */
  | { kind: 'entity'; variable: string; operator: string }
  /** Behind `Tool::`, inside the quotes or before them. */
  | { kind: 'id'; type: string; isQuoted: boolean }
  /** Behind a dot. `isCondition`: the operand stands where a condition may begin. */
  | { kind: 'member'; operand: Operand; start: number; isCondition: boolean }
  /** Behind `has`. */
  | { kind: 'attribute'; operand: Operand };

export interface Found {
  place: Place;
  /** Where what is being written begins. */
  from: number;
  /** It is offered without being asked for. */
  opens: boolean;
  /** The statement so far, without what is being written. */
  statement: readonly Token[];
}

const sides = ['principal', 'action', 'resource'] as const;

const isEffect = (tokens: readonly Token[], at: number): boolean => ['permit', 'forbid'].includes(tokens[at]?.text ?? '') && tokens[at]?.kind === 'word' && tokens[at - 1]?.text !== '.';

/** The statement being written at the end of the tokens. What begins a statement begins one even inside brackets somebody has yet to close. */
function lastStatement(tokens: readonly Token[]): { tokens: readonly Token[]; effectAt: number | undefined; open: number[]; commas: number } {
  let [start, commas] = [0, 0];
  let effectAt: number | undefined;
  let open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'annotation' || isEffect(tokens, at)) {
      if (effectAt !== undefined) start = at;
      effectAt = token.kind === 'annotation' ? undefined : at;
      [open, commas] = [[], 0];
    } else if (isOpening(token)) open.push(at);
    else if (isClosing(token)) open.pop();
    else if (token.text === ',' && open.length === 1) commas++;
    else if (token.text === ';') {
      [start, commas] = [at + 1, 0];
      effectAt = undefined;
      open = [];
    }
  }
  return { tokens: tokens.slice(start), effectAt: effectAt === undefined ? undefined : effectAt - start, open: open.map((at) => at - start), commas };
}

const endsOperand = (token: Token): boolean => token.kind === 'string' || token.kind === 'number' || isClosing(token) || (token.kind === 'word' && !keywords.has(token.text));

/** `principal in`, `resource is Tool in [`: the variable and the operator before an entity. */
function comparedBefore(tokens: readonly Token[], open: readonly number[]): { variable: string; operator: string } | undefined {
  const last = tokens.at(-1);
  const bracket = open.at(-1) ?? -1;
  const isInList = tokens[bracket]?.text === '[' && (last?.text === '[' || last?.text === ',');
  const at = isInList ? bracket - 1 : tokens.length - 1;
  const operator = tokens[at]?.text ?? '';
  if (!(isInList ? ['in'] : ['==', '!=', 'in']).includes(operator)) return undefined;
  const variable = tokens[tokens[at - 2]?.text === 'is' ? at - 3 : at - 1];
  const isVariable = variable !== undefined && tokens[tokens.indexOf(variable) - 1]?.text !== '.' && sides.some((side) => side === variable.text);
  return isVariable ? { variable: variable.text, operator } : undefined;
}

/** Signs and words after which a condition may begin. */
const beforeCondition = new Set(['{', '&&', '||', 'if', 'then', 'else']);
const mayBeginCondition = (tokens: readonly Token[], at: number): boolean => {
  const before = tokens[at - 1];
  return before !== undefined && (beforeCondition.has(before.text) || (before.text === '(' && tokens[at - 2]?.kind !== 'word'));
};

function placeAfter(statement: ReturnType<typeof lastStatement>): { place: Place; opens: boolean } | undefined {
  const { tokens, effectAt, open, commas } = statement;
  const last = tokens.at(-1);
  const shown = (place: Place, opens = false) => ({ place, opens });
  if (last?.text === '.') {
    const operand = operandBefore(tokens, tokens.length - 1);
    const start = tokens[operand?.start ?? -1];
    return operand === undefined || start === undefined ? undefined : shown({ kind: 'member', operand, start: start.from, isCondition: mayBeginCondition(tokens, operand.start) }, true);
  }
  if (last?.text === '::') return shown({ kind: 'id', type: tokens.at(-2)?.text ?? '', isQuoted: false }, true);
  if (effectAt === undefined) return open.length > 0 || last?.kind === 'annotation' ? undefined : shown({ kind: 'statement' });
  if (last === undefined || effectAt === tokens.length - 1) return undefined;
  if (last.text === 'is') return shown({ kind: 'type' }, true);
  const compared = comparedBefore(tokens, open);
  const [outermost] = open;
  if (outermost === undefined) return isClosing(last) ? shown({ kind: 'clause' }) : undefined;
  if (compared !== undefined) return shown({ kind: 'entity', ...compared }, true);
  if (tokens[outermost]?.text === '(') {
    const variable = sides[commas];
    if (variable === undefined || open.length > 1) return undefined;
    if (last.text === '(' || last.text === ',') return shown({ kind: 'variable', variable });
    return endsOperand(last) ? shown({ kind: 'scope-operator', variable }) : undefined;
  }
  if (last.text === 'has') {
    const operand = operandBefore(tokens, tokens.length - 1);
    return operand === undefined ? undefined : shown({ kind: 'attribute', operand }, true);
  }
  return shown({ kind: endsOperand(last) ? 'operator' : 'value' });
}

/** What can be written at the end of a text; undefined: nothing to offer, as in comments, numbers and texts. */
export function findPlace(before: string): Found | undefined {
  const end = before.length;
  const all = readTokens(before);
  const last = all.at(-1);
  const touches = last?.to === end;
  if (last?.kind === 'comment' && touches) return undefined;
  const tokens = all.filter(({ kind }) => kind !== 'comment');
  if (last?.kind === 'string' && !isClosedString(last)) {
    const [type, colons] = tokens.slice(-3, -1);
    return colons?.text === '::' && type?.kind === 'word' && !last.text.includes('\n')
      ? { place: { kind: 'id', type: type.text, isQuoted: true }, from: last.from + 1, opens: true, statement: lastStatement(tokens.slice(0, -1)).tokens }
      : undefined;
  }
  if (touches && (last.kind === 'string' || last.kind === 'number')) return undefined;
  const isMark = touches && (last.kind === 'annotation' || last.text === '@');
  if (isMark || (touches && last.kind === 'word')) {
    const statement = lastStatement(tokens.slice(0, -1));
    if (isMark) return { place: { kind: 'annotation' }, from: last.from, opens: true, statement: statement.tokens };
    const found = placeAfter(statement);
    return found && { place: found.place, from: last.from, opens: true, statement: statement.tokens };
  }
  const statement = lastStatement(tokens);
  const found = placeAfter(statement);
  return found && { ...found, from: end, statement: statement.tokens };
}
