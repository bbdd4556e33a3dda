import { isRecord } from '../../../platform/json.ts';
import { compilePolicy, type Statement } from './compile-policy.ts';
import { readsOf } from './reads-of.ts';

/** What policies know by a name that people may change, with the facts and arguments that hold the name. */
const factsOf = { DataSource: ['data_source', 'arguments.data_source', 'arguments.*'], McpServer: ['mcp_server'] } as const;
export type NamedThing = keyof typeof factsOf;

/** A text, or the pieces of it between wildcards. */
type Pattern = string[];

function toPattern(parts: readonly unknown[]): Pattern {
  const pieces = [''];
  for (const part of parts) {
    if (isRecord(part)) pieces.push(`${pieces.pop() ?? ''}${String(part['Literal'])}`);
    else pieces.push('');
  }
  return pieces;
}

/** Whether a name is such a text. Each piece counts where it stands first: what follows it has most room there. */
function isLike(name: string, [first = '', ...pieces]: Pattern): boolean {
  const last = pieces.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const piece of pieces) {
    const found = name.indexOf(piece, from);
    if (found === -1) return false;
    from = found + piece.length;
  }
  return name.length - from >= last.length && name.endsWith(last);
}

/** All records within a part of a statement, itself included. */
function recordsIn(part: unknown): Record<string, unknown>[] {
  if (Array.isArray(part)) return part.flatMap(recordsIn);
  return isRecord(part) ? [part, ...Object.values(part).flatMap(recordsIn)] : [];
}

/** The texts that stand in an expression. Wildcards alone say nothing of a name. */
const patternsIn = (expression: unknown): Pattern[] =>
  recordsIn(expression)
    .flatMap(({ Value: value, pattern }) => [...(typeof value === 'string' ? [[value]] : []), ...(Array.isArray(pattern) ? [toPattern(pattern)] : [])])
    .filter((pieces) => pieces.join('') !== '');

const comparing = new Set(['==', '!=', 'contains', 'containsAll', 'containsAny', 'like']);

/** The outermost comparisons of an expression. */
function comparisonsIn(expression: unknown): Record<string, unknown>[] {
  if (Array.isArray(expression)) return expression.flatMap(comparisonsIn);
  if (!isRecord(expression)) return [];
  return Object.entries(expression).flatMap(([operator, operands]) => (comparing.has(operator) ? [{ [operator]: operands }] : comparisonsIn(operands)));
}

function compares(comparison: Record<string, unknown>, facts: readonly string[], names: readonly string[]): boolean {
  const read = [...readsOf(comparison).facts];
  if (!read.some((fact) => facts.includes(fact))) return false;
  // Beside another fact, the name may be any that calls come with.
  if (read.some((fact) => !facts.includes(fact))) return true;
  return patternsIn(comparison).some((pattern) => names.some((name) => isLike(name, pattern)));
}

function isAbout({ json: { principal, resource, conditions } }: Statement, thing: NamedThing, names: readonly string[]): boolean {
  const isNamed = recordsIn([principal, resource, conditions]).some(({ type, id }) => type === thing && typeof id === 'string' && names.includes(id));
  return isNamed || comparisonsIn(conditions).some((comparison) => compares(comparison, factsOf[thing], names));
}

/**
 * Whether a policy says something of a data source or an MCP server of one of these names: as an entity, or where it compares the fact with a
 * text they are like. `unknown`: its text cannot be read.
 */
export function goesByName(cedar: string, { thing, names }: { thing: NamedThing; names: readonly string[] }): 'yes' | 'no' | 'unknown' {
  const compiled = compilePolicy(cedar);
  if (!compiled.ok) return 'unknown';
  return compiled.statements.some((statement) => isAbout(statement, thing, names)) ? 'yes' : 'no';
}
