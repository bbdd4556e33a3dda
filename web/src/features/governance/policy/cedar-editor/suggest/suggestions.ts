import { functions, keywords, literals, methods, operators, type ValueKind } from '../cedar-words.ts';
import { entitySuggestions, idSuggestions, typesFor } from './entity-suggestions.ts';
import type { Operand } from './operand.ts';
import { findPlace, type Found, type Place } from './place.ts';
import type { Suggestion } from './suggestion.ts';
import type { Token } from './tokens.ts';
import { askedPaths, attributesOf, kindOf, namedTools } from './value-kinds.ts';
import { type Attribute, kindWords, type Vocabulary } from './vocabulary.ts';

export interface Suggestions {
  from: number;
  opens: boolean;
  items: Suggestion[];
}

const keywordOf = (name: string, insert?: Suggestion['insert']): Suggestion => ({ name, detail: 'keyword', meaning: keywords.get(name) ?? '', ...(insert && { insert }) });
const operatorsOf = (names: readonly string[]): Suggestion[] => names.map((name) => ({ name, detail: 'operator', meaning: operators[name] ?? '' }));

const annotationsFor = (statement: readonly Token[], { annotations }: Vocabulary): Suggestion[] =>
  annotations
    .filter(({ name }) => !statement.some(({ kind, text }) => kind === 'annotation' && text === `@${name}`))
    .map(({ name, description, hint }) => ({ name: `@${name}`, detail: 'annotation', meaning: [description, hint].filter((text) => text !== null).join(' '), insert: { before: `@${name}("`, after: '")' } }));

const variableOf = (wanted: string, { variables }: Vocabulary): Suggestion[] =>
  variables.filter(({ name }) => name === wanted).map(({ name, entity_type: type, description }) => ({ name, detail: type ?? kindWords.record, meaning: description }));

/** Facts of the tools a statement names come first, those no call of theirs has come last. */
const boostOf = ({ tools }: Attribute, named: readonly string[]): number => (tools.length === 0 || named.length === 0 ? 0 : named.some((name) => tools.includes(name)) ? 1 : -1);

const attributesFor = (operand: Operand, { statement }: Found, vocabulary: Vocabulary): Suggestion[] => {
  const named = namedTools(statement);
  return attributesOf(operand, vocabulary).map(({ name, attribute }) => ({ name, detail: attribute.traits, meaning: attribute.meaning, boost: boostOf(attribute, named) }));
};

const methodsOf = (kind: ValueKind | undefined): Suggestion[] =>
  Object.entries((kind && methods[kind]) ?? {}).map(([name, { takes, gives, meaning }]) => ({ name, detail: `gives ${kindWords[gives]}`, meaning, insert: takes ? { before: `${name}(`, after: ')' } : { before: `${name}()` } }));

/** What may be missing is asked for on the way, where the text has not asked yet and a condition may stand. */
function membersFor(place: Extract<Place, { kind: 'member' }>, found: Found, vocabulary: Vocabulary): Suggestion[] {
  const asked = askedPaths(found.statement);
  const known = new Map(attributesOf(place.operand, vocabulary).map(({ name, attribute }) => [name, attribute]));
  const members = attributesFor(place.operand, found, vocabulary).map((suggestion): Suggestion => {
    const attribute = known.get(suggestion.name);
    if (!place.isCondition || attribute === undefined || attribute.isAlwaysKnown || asked.has(attribute.path)) return suggestion;
    const owner = attribute.path.slice(0, -suggestion.name.length - 1);
    return { ...suggestion, from: place.start, insert: { before: `${owner} has ${suggestion.name} && ${attribute.path}` } };
  });
  return [...members, ...methodsOf(kindOf(place.operand, vocabulary))];
}

const valuesFor = (vocabulary: Vocabulary): Suggestion[] => [
  ...vocabulary.variables.flatMap(({ name }) => variableOf(name, vocabulary)),
  keywordOf('if'),
  ...[...literals].map(([name, meaning]) => ({ name, detail: kindWords.boolean, meaning })),
  ...typesFor(vocabulary),
  ...Object.entries(functions).map(([name, meaning]) => ({ name, detail: 'function', meaning, insert: { before: `${name}("`, after: '")' } })),
];

const scope = '(principal, action, resource)';

function itemsFor(found: Found, vocabulary: Vocabulary): Suggestion[] {
  const { place, statement } = found;
  switch (place.kind) {
    case 'statement': return [
      ...['permit', 'forbid'].map((name) => keywordOf(name, { before: `${name} ${scope}\nwhen { `, after: ' };' })),
      ...annotationsFor(statement, vocabulary),
    ];
    case 'annotation': return annotationsFor(statement, vocabulary);
    case 'clause': return [keywordOf('when', { before: 'when { ', after: ' }' }), keywordOf('unless', { before: 'unless { ', after: ' }' })];
    case 'variable': return variableOf(place.variable, vocabulary);
    case 'scope-operator': return [...operatorsOf(['==']), keywordOf('in'), ...(place.variable === 'action' ? [] : [keywordOf('is')])];
    case 'entity': return entitySuggestions(place, vocabulary);
    case 'type': return vocabulary.entity_types.map(({ name, description }) => ({ name, detail: 'entity type', meaning: description }));
    case 'id': return idSuggestions(place, vocabulary);
    case 'member': return membersFor(place, found, vocabulary);
    case 'attribute': return attributesFor(place.operand, found, vocabulary);
    case 'value': return valuesFor(vocabulary);
    case 'operator': return [...operatorsOf(Object.keys(operators)), ...['has', 'like', 'in', 'is', 'then', 'else'].map((name) => keywordOf(name))];
  }
}

/** What can be written at a place of a text; undefined: nothing. */
export function suggestionsAt(text: string, position: number, vocabulary: Vocabulary): Suggestions | undefined {
  const found = findPlace(text.slice(0, position));
  const items = found === undefined ? [] : itemsFor(found, vocabulary);
  return found === undefined || items.length === 0 ? undefined : { from: found.from, opens: found.opens, items };
}

/** What the word at a position means, and where it stands; undefined: it means nothing here. */
export function meaningAt(text: string, from: number, to: number, vocabulary: Vocabulary): Suggestion | undefined {
  const name = text.slice(from, to);
  return suggestionsAt(text, to, vocabulary)?.items.find((suggestion) => suggestion.name === name);
}
