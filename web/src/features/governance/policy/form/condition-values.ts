import type { PolicyCondition } from '@contracts/policies.ts';
import type { PolicyFact } from '@contracts/policy-words.ts';
import { humanize } from '@/lib/format.ts';

type Operator = PolicyCondition['operator'];
type FactType = PolicyFact['type'];

export const operatorWords: Record<Operator, string> = {
  is: 'is', is_not: 'is not', at_least: 'is at least', at_most: 'is at most', contains: 'contains', contains_any: 'contains any of', matches: 'matches', is_known: 'is known',
};

/** Arguments of any tool are facts as well, named by whoever writes the policy. */
export const argumentKinds = { 'arguments.': 'An argument: text', 'numbers.': 'An argument: number' } as const;
export type ArgumentKind = keyof typeof argumentKinds;

const argumentOperators: Record<ArgumentKind, readonly Operator[]> = { 'arguments.': ['is', 'is_not', 'matches', 'is_known'], 'numbers.': ['is', 'is_not', 'at_least', 'at_most', 'is_known'] };

/** Which kind of argument a fact's name stands for; undefined for a fact of the catalogue. */
export const argumentKindOf = (fact: string): ArgumentKind | undefined => (Object.keys(argumentKinds) as ArgumentKind[]).find((kind) => fact.startsWith(kind));

/** The type of a fact and how it can be compared; of one nobody knows (any more) what its condition says. */
export const kindOfFact = (facts: readonly PolicyFact[], condition: PolicyCondition): { type: FactType; operators: readonly Operator[] } => {
  const argument = argumentKindOf(condition.fact);
  if (argument !== undefined) return { type: argument === 'numbers.' ? 'number' : 'text', operators: argumentOperators[argument] };
  const known = facts.find(({ name }) => name === condition.fact);
  return known ?? { type: typeof condition.value === 'number' ? 'number' : typeof condition.value === 'boolean' ? 'boolean' : 'text', operators: [condition.operator] };
};

const withoutValue = ({ fact, operator }: PolicyCondition): PolicyCondition => ({ fact, operator });

/** What a value is when nothing was chosen yet: yes for yes or no, a number and a text are still to be given. */
const emptyValue = (type: FactType, operator: Operator): PolicyCondition['value'] => {
  if (operator === 'is_known') return undefined;
  if (operator === 'contains_any') return [];
  return type === 'boolean' ? true : undefined;
};

/** The condition about another fact: its operator stays where the fact takes it, its value goes. */
export const withFact = (facts: readonly PolicyFact[], condition: PolicyCondition, fact: string): PolicyCondition => {
  const { type, operators } = kindOfFact(facts, { fact, operator: condition.operator });
  const operator = operators.includes(condition.operator) ? condition.operator : (operators[0] ?? 'is');
  return withValue({ fact, operator }, emptyValue(type, operator));
};

/** The condition with another comparison; its value stays where it has the form the comparison takes. */
export const withOperator = (facts: readonly PolicyFact[], condition: PolicyCondition, operator: Operator): PolicyCondition => {
  const { type } = kindOfFact(facts, condition);
  const { value } = condition;
  if (operator === 'contains_any') return { ...condition, operator, value: Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? [value] : [] };
  if (operator === 'is_known') return { fact: condition.fact, operator };
  const kept = Array.isArray(value) ? value[0] : value;
  return withValue({ fact: condition.fact, operator }, kept ?? emptyValue(type, operator));
};

export const withValue = (condition: PolicyCondition, value: PolicyCondition['value']): PolicyCondition => (value === undefined ? withoutValue(condition) : { ...condition, value });

/** A whole number as typed; what is none stays the text, which the server refuses by name. */
export const toNumberValue = (text: string): PolicyCondition['value'] => (text.trim() === '' ? undefined : /^-?\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : text);

/** Facts in groups for a list to choose from: those of every call by their first word, then those of single tools. */
export const groupFacts = (facts: readonly PolicyFact[]): { label: string; facts: PolicyFact[] }[] => {
  const labelOf = ({ name, tools }: PolicyFact): string => (tools.length > 0 ? tools.join(', ') : name.includes('.') ? `The ${name.split('.', 1)[0]}` : 'Any call');
  return [...Map.groupBy(facts, labelOf)].map(([label, grouped]) => ({ label, facts: grouped }));
};

/** `outside_recipient_count` → "Outside recipient count", `agent.owner` → "Agent owner". */
export const factWords = (name: string): string => humanize(name.replaceAll('.', ' '));
