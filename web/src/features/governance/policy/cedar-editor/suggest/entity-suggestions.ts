import type { Place } from './place.ts';
import type { Suggestion } from './suggestion.ts';
import { markHidden, type Vocabulary } from './vocabulary.ts';

const escaped = (id: string): string => id.replaceAll(/["\\]/g, '\\$&');

const typeSuggestion = (type: string, meaning: string): Suggestion => ({ name: type, label: `${type}::"…"`, detail: 'entity type', meaning, insert: { before: `${type}::"`, after: '"' }, reopens: true });

/** Types of entities, to be followed by a name. */
export const typesFor = (vocabulary: Vocabulary): Suggestion[] => [
  ...vocabulary.entity_types.map(({ name, description }) => typeSuggestion(name, description)),
  ...vocabulary.variables.filter(({ entity_type: type }) => type === 'Action').map(({ description }) => typeSuggestion('Action', description)),
];

/** Entities of a type that are there, as they are named behind `Tool::`. */
export const idSuggestions = ({ type, isQuoted }: Extract<Place, { kind: 'id' }>, vocabulary: Vocabulary): Suggestion[] =>
  (vocabulary.entities[type] ?? []).map(({ value, label, meaning = '' }): Suggestion => {
    const id = escaped(value);
    const said = { label: markHidden(label ?? value), alias: value, detail: type, meaning };
    return isQuoted ? { ...said, name: id, insert: { before: `${id}"` } } : { ...said, name: `"${id}"` };
  });

/** What a variable can be compared with: the types of entities it may be or stand in, and those there are. */
export function entitySuggestions({ variable, operator }: Extract<Place, { kind: 'entity' }>, vocabulary: Vocabulary): Suggestion[] {
  const own = vocabulary.variables.find(({ name }) => name === variable)?.entity_type ?? '';
  const outer = vocabulary.entity_types.find(({ name }) => name === own)?.stands_in ?? [];
  const types = [own, ...(operator === 'in' ? outer : [])];
  const whole = (type: string): Suggestion[] =>
    (vocabulary.entities[type] ?? []).map(({ value, label, meaning = '' }) => {
      const name = `${type}::"${escaped(value)}"`;
      return { name, label: markHidden(label ?? name), alias: name, detail: type, meaning };
    });
  return [...typesFor(vocabulary).filter(({ name }) => name !== 'Action' && types.includes(name)), ...types.flatMap(whole)];
}
