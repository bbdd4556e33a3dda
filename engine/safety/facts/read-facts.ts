import { isRecord } from '../../../platform/json.ts';
import { riskLevels } from '../../../contracts/tools.ts';
import type { PolicyQuestion } from '../policy.ts';
import { anyOther } from './argument-facts.ts';
import { anyArgument, type Fact, type FactType, type FactValue, findFact, isExpectedOf, toArgumentName } from './fact-catalogue.ts';

/** A set of more members is no fact anybody decides by, and evaluating it is dear. */
const maxSetSize = 1_000;

const isTextSet = (value: unknown): value is string[] => Array.isArray(value) && value.length <= maxSetSize && value.every((item) => typeof item === 'string');

const fits: Record<FactType, (value: unknown) => value is FactValue> = {
  text: (value) => typeof value === 'string',
  number: (value): value is number => typeof value === 'number' && Number.isSafeInteger(value),
  boolean: (value) => typeof value === 'boolean',
  text_set: isTextSet,
};

const typeWords: Record<FactType, string> = { text: 'text', number: 'a whole number', boolean: 'true or false', text_set: `a list of at most ${maxSetSize} texts` };

/** What a record says of a fact. `problem` is a sentence: the fact should be there and is not, or is not what it should be. */
export type FactReading = { state: 'known'; value: FactValue } | { state: 'absent' } | { state: 'missing'; problem: string } | { state: 'unusable'; problem: string };

const own = (value: unknown, key: string): unknown => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined);

const dateOf = ({ facts }: PolicyQuestion): Date | undefined => {
  const at = own(facts, 'at');
  const date = typeof at === 'string' ? new Date(at) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
};

/** Where the facts stand that do not stand under their own name. */
const readers: Readonly<Record<string, (question: PolicyQuestion) => unknown>> = {
  risk: ({ riskLevel }) => riskLevel,
  risk_level: ({ riskLevel }) => riskLevels.indexOf(riskLevel) + 1,
  effect: ({ effect }) => effect,
  hour: (question) => dateOf(question)?.getUTCHours(),
  // JavaScript's week begins on Sunday with 0.
  weekday: (question) => ((day) => (day === 0 ? 7 : day))(dateOf(question)?.getUTCDay()),
  read_from: ({ facts }) => own(own(facts, 'taint'), 'read_from'),
  copied_from: ({ facts }) => own(own(facts, 'taint'), 'copied_from'),
};

const rawValueOf = (name: string, question: PolicyQuestion): unknown => {
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
  if (read !== undefined) return read(question);
  const dot = name.indexOf('.');
  return dot < 0 ? own(question.facts, name) : own(own(question.facts, name.slice(0, dot)), name.slice(dot + 1));
};

/** Whether a record has the argument in another shape than the one asked for: as the other kind, or with arguments inside it. */
const isOtherwise = (facts: PolicyQuestion['facts'], name: string): boolean =>
  (['arguments', 'numbers'] as const).some((kind) => own(own(facts, kind), name) !== undefined || (isRecord(facts[kind]) && Object.keys(facts[kind]).some((other) => other.startsWith(`${name}.`))));

/** `a.b.c` → the same, `a.b` and `a`: what cannot be looked at, cannot be looked into. */
const withOuter = (name: string): string[] => name.split('.').map((_part, index, parts) => parts.slice(0, index + 1).join('.'));

function isUnreadable(unreadable: unknown, name: string): boolean {
  if (unreadable === undefined) return false;
  // Whoever asks for an argument by a name found elsewhere may mean any of them.
  if (!isTextSet(unreadable) || unreadable.includes(anyOther) || (name === anyArgument && unreadable.length > 0)) return true;
  return withOuter(name).some((outer) => unreadable.includes(outer)) || unreadable.some((other) => other.startsWith(`${name}.`));
}

function readArgument(fact: Fact, { kind, name }: { kind: 'arguments' | 'numbers'; name: string }, { facts }: PolicyQuestion): FactReading {
  const given = own(facts, kind);
  if (given === undefined) return { state: 'missing', problem: 'The arguments of the call are not recorded.' };
  const isAny = name === anyArgument;
  const value = isAny ? undefined : own(given, name);
  const wrongType: FactReading = { state: 'unusable', problem: `The argument ${name} is not ${typeWords[fact.type]}.` };
  if (value !== undefined) return fits[fact.type](value) ? { state: 'known', value } : wrongType;
  // An argument a policy wants and cannot see must not look like one that is not there.
  if (isUnreadable(own(facts, 'unreadable_arguments'), name)) return { state: 'unusable', problem: `${isAny ? 'An argument' : `The argument ${name}`} cannot be looked at: it is long, a list, or a secret.` };
  return !isAny && isOtherwise(facts, name) ? wrongType : { state: 'absent' };
}

/** What the record of a call says of one fact. Never throws, whatever the record holds. */
export function readFact(name: string, question: PolicyQuestion): FactReading {
  const fact = findFact(name);
  if (fact === undefined) return { state: 'absent' };
  const argument = toArgumentName(name);
  if (argument !== undefined) return readArgument(fact, argument, question);
  const value = rawValueOf(name, question);
  if (value === undefined) return isExpectedOf(fact, question.toolName) ? { state: 'missing', problem: `The fact ${name} is missing.` } : { state: 'absent' };
  if (value === null) return isExpectedOf(fact, question.toolName) ? { state: 'unusable', problem: `The fact ${name} is not known.` } : { state: 'absent' };
  return fits[fact.type](value) ? { state: 'known', value } : { state: 'unusable', problem: `The fact ${name} is not ${typeWords[fact.type]}.` };
}
