import { parseAnnotations, type StatementTerms } from './annotations.ts';
import { type Expr, type Failure, parseStatement, type PolicyJson, splitStatements, toRefusal } from './cedar-engine.ts';
import { tooDeepCondition, tooDeepText } from './nesting.ts';
import { type Reads, readsOf } from './reads-of.ts';
import { type Scope, splitScope } from './scope.ts';

/** One statement of a policy, ready to be judged by. */
export interface Statement {
  /** Counts from 1 within its policy. */
  number: number;
  effect: PolicyJson['effect'];
  scope: Scope;
  /** What is left to be evaluated where the scope fits. */
  conditions: PolicyJson['conditions'];
  reads: Reads;
  terms: StatementTerms;
  /** An annotation says something that cannot be read. */
  hasBadTerms: boolean;
  /** As it was written. */
  text: string;
  json: PolicyJson;
}

export type CompiledPolicy = { ok: true; statements: Statement[] } | Failure;

const problem = ({ message, help = null }: { message: string; help?: string | null }): CompiledPolicy => toRefusal([{ message, help, code: null, url: null, severity: null }]);

function compile(cedar: string): CompiledPolicy {
  const tooDeep = tooDeepText(cedar);
  if (tooDeep !== undefined) return problem(tooDeep);
  const split = splitStatements(cedar);
  if (!split.ok) return split;
  if (split.templates.length > 0) return problem({ message: 'Templates (?principal, ?resource) have no place here; name whom the policy is about.' });
  const statements: Statement[] = [];
  for (const [index, text] of split.statements.entries()) {
    const parsed = parseStatement(text);
    if (!parsed.ok) return parsed;
    const { json } = parsed;
    const tooLong = json.conditions.map(({ body }) => tooDeepCondition(body)).find((each) => each !== undefined);
    if (tooLong !== undefined) return problem(tooLong);
    const { scope, conditions } = splitScope(json);
    statements.push({ number: index + 1, effect: json.effect, scope, conditions, reads: readsOf(conditions.map((clause): Expr => clause.body)), ...termsOf(json), text, json });
  }
  return { ok: true, statements };
}

function termsOf({ annotations = {} }: PolicyJson): Pick<Statement, 'terms' | 'hasBadTerms'> {
  const { terms, issues } = parseAnnotations(annotations);
  return { terms, hasBadTerms: issues.some(({ severity }) => severity === 'error') };
}

/** Texts of a set change one at a time, and a draft stands beside all the others: most are compiled already. */
const maxKept = 5_000;
/** Characters of the texts together; compiled, each takes some ten bytes. */
const maxKeptCharacters = 10_000_000;
const kept = new Map<string, CompiledPolicy>();
let keptCharacters = 0;

/** The statements of a policy's text; never throws. Compiled texts are kept, the least lately used go first; what a breakdown of the engine kept from being compiled is not. */
export function compilePolicy(cedar: string): CompiledPolicy {
  const compiled = kept.get(cedar) ?? compile(cedar);
  if (!compiled.ok && compiled.isBreakdown) return compiled;
  if (!kept.delete(cedar)) keptCharacters += cedar.length;
  kept.set(cedar, compiled);
  while (kept.size > maxKept || keptCharacters > maxKeptCharacters) {
    const oldest = kept.keys().next().value as string;
    kept.delete(oldest);
    keptCharacters -= oldest.length;
  }
  return compiled;
}
