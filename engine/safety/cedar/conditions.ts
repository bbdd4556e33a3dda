import type { PolicyCondition } from '../../../contracts/policies.ts';
import { isRecord } from '../../../platform/json.ts';
import { findFact, isAlwaysKnown, toArgumentName } from '../facts/fact-catalogue.ts';
import { toCedarAccess, toCedarAttribute, toCedarLiteral, toCedarText } from './cedar-text.ts';

/** How a fact is asked for in Cedar: its value, and whether there is one. */
export function toAccess(name: string): { value: string; isKnown: string } {
  const argument = toArgumentName(name);
  if (argument !== undefined) {
    const tag = toCedarText(argument.name);
    return { value: `context.${argument.kind}.getTag(${tag})`, isKnown: `context.${argument.kind}.hasTag(${tag})` };
  }
  const [group, ...rest] = name.split('.');
  const owner = group === 'agent' && rest.length > 0 ? 'principal' : group === 'run' && rest.length > 0 ? 'context.run' : 'context';
  const attribute = owner === 'context' ? name : rest.join('.');
  return { value: `${owner}${toCedarAccess(attribute)}`, isKnown: `${owner} has ${toCedarAttribute(attribute)}` };
}

/** One condition of the form as Cedar. A fact that calls may lack is asked for first, so that the condition does not hold where there is none. */
export function toCedarCondition({ fact: name, operator, value = '' }: PolicyCondition): string {
  const access = toAccess(name);
  if (operator === 'is_known') return access.isKnown;
  const fact = findFact(name);
  const literal = toCedarLiteral(value);
  const comparison = ((): string => {
    switch (operator) {
      case 'is': return `${access.value} == ${literal}`;
      case 'is_not': return `${access.value} != ${literal}`;
      case 'at_least': return `${access.value} >= ${literal}`;
      case 'at_most': return `${access.value} <= ${literal}`;
      case 'contains': return `${access.value}.contains(${literal})`;
      case 'contains_any': return fact?.type === 'text' ? `${literal}.contains(${access.value})` : `${access.value}.containsAny(${literal})`;
      case 'matches': return `${access.value} like ${toCedarText(String(value))}`;
    }
  })();
  return fact === undefined || isAlwaysKnown(fact) ? comparison : `${access.isKnown} && ${comparison}`;
}

type Node = Record<string, unknown>;
const at = (node: unknown, key: string): Node | undefined => (isRecord(node) && isRecord(node[key]) ? node[key] : undefined);

/** The name of the fact an expression stands for; undefined where it is something else. */
function toFactName(expression: unknown): string | undefined {
  const [tag, access] = [at(expression, 'getTag'), at(expression, '.')];
  if (tag !== undefined) return toTagName(tag);
  return access === undefined || typeof access['attr'] !== 'string' ? undefined : toAttributeName(access['left'], access['attr']);
}

function toTagName({ left, right }: Node): string | undefined {
  const [owner, name] = [toFactName(left), literalOf(right)];
  return (owner === 'arguments' || owner === 'numbers') && typeof name === 'string' ? `${owner}.${name}` : undefined;
}

function toAttributeName(left: unknown, attribute: string): string | undefined {
  const variable = isRecord(left) ? left['Var'] : undefined;
  if (variable === 'principal') return `agent.${attribute}`;
  if (variable === 'context') return attribute;
  return toFactName(left) === 'run' ? `run.${attribute}` : undefined;
}

function literalOf(expression: unknown): string | number | boolean | string[] | undefined {
  if (!isRecord(expression)) return undefined;
  const { Value: value, Set: items } = expression;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (!Array.isArray(items)) return undefined;
  const texts = items.map(literalOf).filter((item) => typeof item === 'string');
  return texts.length === items.length ? texts : undefined;
}

/** `a*b` from Cedar's pattern; undefined where a star stands for itself, which the form cannot say. */
function patternOf(pattern: unknown): string | undefined {
  if (!Array.isArray(pattern)) return undefined;
  const parts = pattern.map((part: unknown) => (part === 'Wildcard' ? '*' : isRecord(part) && typeof part['Literal'] === 'string' && !part['Literal'].includes('*') ? part['Literal'] : undefined));
  return parts.includes(undefined) ? undefined : parts.join('');
}

const comparisons = { '==': 'is', '!=': 'is_not', '>=': 'at_least', '<=': 'at_most' } as const;

/** A comparison as the form has it; undefined where it has no words for it. */
function toComparison(expression: Node): PolicyCondition | undefined {
  for (const [cedar, operator] of Object.entries(comparisons)) {
    const node = at(expression, cedar);
    const [fact, value] = [toFactName(node?.['left']), literalOf(node?.['right'])];
    if (fact !== undefined && value !== undefined && !Array.isArray(value)) return { fact, operator, value };
  }
  for (const [cedar, operator, step] of [['>', 'at_least', 1], ['<', 'at_most', -1]] as const) {
    const node = at(expression, cedar);
    const [fact, value] = [toFactName(node?.['left']), literalOf(node?.['right'])];
    if (fact !== undefined && typeof value === 'number' && Number.isSafeInteger(value + step)) return { fact, operator, value: value + step };
  }
  const [contains, containsAny, like] = [at(expression, 'contains'), at(expression, 'containsAny'), at(expression, 'like')];
  if (contains !== undefined) {
    const [fact, value, list, item] = [toFactName(contains['left']), literalOf(contains['right']), literalOf(contains['left']), toFactName(contains['right'])];
    if (fact !== undefined && typeof value === 'string') return { fact, operator: 'contains', value };
    if (item !== undefined && Array.isArray(list)) return { fact: item, operator: 'contains_any', value: list };
  }
  if (containsAny !== undefined) {
    const [fact, value] = [toFactName(containsAny['left']), literalOf(containsAny['right'])];
    if (fact !== undefined && Array.isArray(value)) return { fact, operator: 'contains_any', value };
  }
  if (like !== undefined) {
    const [fact, value] = [toFactName(like['left']), patternOf(like['pattern'])];
    if (fact !== undefined && value !== undefined) return { fact, operator: 'matches', value };
  }
  const fact = toFactName(expression);
  return fact !== undefined && findFact(fact)?.type === 'boolean' ? { fact, operator: 'is', value: true } : undefined;
}

/** `context has x`: the fact it asks for. */
function toKnownFact(expression: Node): string | undefined {
  const [has, hasTag] = [at(expression, 'has'), at(expression, 'hasTag')];
  if (hasTag !== undefined) return toTagName(hasTag);
  const [first, second, ...more] = [has?.['attr']].flat();
  if (has === undefined || typeof first !== 'string' || more.length > 0) return undefined;
  const outer = toAttributeName(has['left'], first);
  if (second === undefined) return outer;
  return outer === 'run' && typeof second === 'string' ? `run.${second}` : undefined;
}

const conjuncts = (expression: unknown): unknown[] => {
  const and = at(expression, '&&');
  return and === undefined ? [expression] : [...conjuncts(and['left']), ...conjuncts(and['right'])];
};

/** The conditions a clause of Cedar says; undefined where the form has no words for one of them. */
export function toConditions(body: unknown): PolicyCondition[] | undefined {
  const conditions: PolicyCondition[] = [];
  const parts = conjuncts(body);
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (!isRecord(part)) return undefined;
    const known = toKnownFact(part);
    const next = parts[index + 1];
    const guarded = known !== undefined && isRecord(next) ? toComparison(next) : undefined;
    if (guarded !== undefined && guarded.fact === known) {
      conditions.push(guarded);
      index += 1;
    } else if (known !== undefined) conditions.push({ fact: known, operator: 'is_known' });
    else {
      const comparison = toComparison(part);
      if (comparison === undefined) return undefined;
      conditions.push(comparison);
    }
  }
  return conditions;
}
