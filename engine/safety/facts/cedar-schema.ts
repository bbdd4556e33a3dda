import { type Fact, type FactType, facts, isAlwaysKnown } from './fact-catalogue.ts';
import { vocabulary } from './vocabulary.ts';

const cedarTypes: Record<FactType, string> = { text: 'String', number: 'Long', boolean: 'Bool', text_set: 'Set<String>' };

const toAttribute = (fact: Fact, name: string): string => `${name}${isAlwaysKnown(fact) ? '' : '?'}: ${cedarTypes[fact.type]},`;

/** Attributes of the facts whose names begin with `prefix`; with no prefix, of those without a dot. */
const attributesOf = (prefix: 'agent' | 'run' | undefined, indent: string): string =>
  facts
    .filter(({ name }) => (prefix === undefined ? !name.includes('.') : name.startsWith(`${prefix}.`)))
    .map((fact) => `${indent}// ${fact.description}${fact.tools.length === 0 ? '' : ` (${fact.tools.join(', ')})`}\n${indent}${toAttribute(fact, fact.name.slice(prefix === undefined ? 0 : prefix.length + 1))}`)
    .join('\n');

const { entity_types: entityTypes, actions, attributes } = vocabulary;

/** Attributes of entities that have some. */
const shapes: Readonly<Record<string, string>> = { Agent: attributesOf('agent', '  '), Tool: '  name: String,' };

const entities = entityTypes
  .map(({ name, description, stands_in: outer }) => `// ${description}\nentity ${name}${outer.length === 0 ? '' : ` in [${outer.join(', ')}]`}${shapes[name] === undefined ? '' : ` = {\n${shapes[name]}\n}`};`)
  .join('\n\n');

const commentOf = (attribute: string): string => `// ${attributes.find(({ name }) => name === attribute)?.description}`;

/** The Cedar schema of policies, made from the catalogue of facts and the vocabulary. */
export const cedarSchema = `${entities}

entity Arguments tags String;
entity Numbers tags Long;

type Run = {
${attributesOf('run', '  ')}
};

type Call = {
${attributesOf(undefined, '  ')}
  ${commentOf('context.run')}
  run: Run,
  ${commentOf('context.arguments')}
  arguments: Arguments,
  ${commentOf('context.numbers')}
  numbers: Numbers,
};

${actions.map(({ name, description }) => `// ${name}: ${description}`).join('\n')}
action ${actions.map(({ name }) => name).join(', ')} appliesTo {
  principal: [Agent],
  resource: [Tool],
  context: Call,
};
`;
