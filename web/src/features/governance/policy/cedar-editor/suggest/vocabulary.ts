import type { PolicyFacts } from '@contracts/policy-words.ts';
import { toUntrustedPieces } from '@/lib/untrusted-marks.ts';
import { traitsOf, typeWords } from '../../fact-words.ts';
import type { ValueKind } from '../cedar-words.ts';

/** Something an expression can read, by its whole path: `context.run.tokens`. */
export interface Attribute {
  path: string;
  kind: ValueKind;
  isAlwaysKnown: boolean;
  /** Its type and which calls have it, in words. */
  traits: string;
  meaning: string;
  /** Calls of these tools alone have it; empty: of any. */
  tools: readonly string[];
}

/** An entity there is. */
export interface NamedEntity {
  value: string;
  /** What people call it; default: the value. */
  label?: string;
  meaning?: string;
}

/** What the texts of policies can name on this system. */
export interface Vocabulary extends Omit<PolicyFacts['words'], 'attributes'> {
  attributes: Attribute[];
  /** Entities there are, by type. Other ones can be named as well. */
  entities: Readonly<Record<string, readonly NamedEntity[]>>;
}

/** Kinds of values in words. */
export const kindWords: Record<ValueKind, string> = {
  ...typeWords, record: 'record', text_tags: 'texts by name', number_tags: 'whole numbers by name', ip: 'address', decimal: 'decimal number', datetime: 'moment', duration: 'time',
};

/** Entities of which nothing is said mean what their type does. */
const described = (entities: Vocabulary['entities'], { entity_types: types }: PolicyFacts['words']): Vocabulary['entities'] =>
  Object.fromEntries(Object.entries(entities).map(([type, named]) => {
    const meaning = types.find(({ name }) => name === type)?.description;
    return [type, meaning === undefined ? named : named.map((entity) => ({ meaning, ...entity }))];
  }));

/** The vocabulary of the server's catalogue and of the names that are there. */
export const toVocabulary = ({ items, words }: PolicyFacts, entities: Vocabulary['entities']): Vocabulary => ({
  ...words,
  attributes: [
    ...items.map((fact): Attribute => ({ path: fact.attribute, kind: fact.type, isAlwaysKnown: fact.is_always_known, traits: traitsOf(fact), meaning: fact.description, tools: fact.tools })),
    ...words.attributes.map(({ name, type, description }): Attribute => ({ path: name, kind: type, isAlwaysKnown: true, traits: kindWords[type], meaning: description, tools: [] })),
  ],
  entities: { ...described(entities, words), Action: words.actions.map(({ name, description }) => ({ value: name, meaning: description })) },
});

/** A name others chose, with what would not be seen in it as a mark. */
export const markHidden = (name: string): string => toUntrustedPieces(name).map((piece) => (piece.kind === 'text' ? piece.text : `[${piece.label}]`)).join('');
