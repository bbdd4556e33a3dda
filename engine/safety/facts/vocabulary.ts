import type { PolicyWords } from '../../../contracts/policy-words.ts';

/** What a policy's text may name beside facts and annotations. The Cedar schema is made from it, so that both tell the same. */
export const vocabulary: Omit<PolicyWords, 'annotations'> = {
  entity_types: [
    { name: 'Agent', description: 'Who acts: an agent, in the tags it has.', stands_in: ['Tag'] },
    { name: 'Tag', description: 'A tag of agents.', stands_in: [] },
    { name: 'Tool', description: 'What is used: a tool, in the data source, the host or the MCP server that this very call reaches.', stands_in: ['DataSource', 'Host', 'McpServer'] },
    { name: 'DataSource', description: 'A data source that calls read.', stands_in: [] },
    { name: 'Host', description: 'A host that calls reach.', stands_in: [] },
    { name: 'McpServer', description: 'An MCP server that offers tools.', stands_in: [] },
  ],
  actions: [
    { name: 'use', description: 'The call may happen at all.' },
    { name: 'use_unattended', description: 'The call may happen without a person.' },
  ],
  variables: [
    { name: 'principal', description: 'The agent that makes the call.', entity_type: 'Agent' },
    { name: 'action', description: 'Whether the call may happen at all, or without a person.', entity_type: 'Action' },
    { name: 'resource', description: 'The tool as this call uses it.', entity_type: 'Tool' },
    { name: 'context', description: 'Everything else that is known of the call: its facts.', entity_type: null },
  ],
  attributes: [
    { name: 'resource.name', description: 'Name of the tool.', type: 'text' },
    { name: 'context.run', description: 'The run so far.', type: 'record' },
    { name: 'context.arguments', description: 'Arguments of the call by name: texts of at most 200 characters, yes or no as "true" and "false".', type: 'text_tags' },
    { name: 'context.numbers', description: 'Arguments of the call by name: whole numbers.', type: 'number_tags' },
  ],
};
