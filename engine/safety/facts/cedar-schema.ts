import { type Fact, type FactType, facts, isAlwaysKnown } from './fact-catalogue.ts';

const cedarTypes: Record<FactType, string> = { text: 'String', number: 'Long', boolean: 'Bool', text_set: 'Set<String>' };

const toAttribute = (fact: Fact, name: string): string => `${name}${isAlwaysKnown(fact) ? '' : '?'}: ${cedarTypes[fact.type]},`;

/** Attributes of the facts whose names begin with `prefix`; with no prefix, of those without a dot. */
const attributesOf = (prefix: 'agent' | 'run' | undefined, indent: string): string =>
  facts
    .filter(({ name }) => (prefix === undefined ? !name.includes('.') : name.startsWith(`${prefix}.`)))
    .map((fact) => `${indent}// ${fact.description}${fact.tools.length === 0 ? '' : ` (${fact.tools.join(', ')})`}\n${indent}${toAttribute(fact, fact.name.slice(prefix === undefined ? 0 : prefix.length + 1))}`)
    .join('\n');

/** The Cedar schema of policies, made from the catalogue of facts. */
export const cedarSchema = `// Who acts: an agent, in the tags it has.
entity Tag;
entity Agent in [Tag] = {
${attributesOf('agent', '  ')}
};

// What is used: a tool, in the data source, the host or the MCP server that this very call reaches.
entity DataSource;
entity Host;
entity McpServer;
entity Tool in [DataSource, Host, McpServer] = {
  name: String,
};

// Arguments of the call by name: texts of at most 200 characters, and whole numbers.
entity Arguments tags String;
entity Numbers tags Long;

type Run = {
${attributesOf('run', '  ')}
};

type Call = {
${attributesOf(undefined, '  ')}
  run: Run,
  arguments: Arguments,
  numbers: Numbers,
};

// use: the call may happen at all. use_unattended: it may happen without a person.
action use, use_unattended appliesTo {
  principal: [Agent],
  resource: [Tool],
  context: Call,
};
`;
