import { isRecord } from '../../../platform/json.ts';
import type { PolicyQuestion } from '../policy.ts';
import { readFact } from './read-facts.ts';

/** An entity as scopes name it: `Tag::finance`. One string, so that sets can hold it; types have no colons. */
export type EntityKey = string;
export const toEntityKey = ({ type, id }: { type: string; id: string }): EntityKey => `${type}::${id}`;

/** Who acts and what is used, each with everything it stands in. */
export interface CallEntities {
  agent: { id: string; parents: { type: string; id: string }[] };
  tool: { id: string; parents: { type: string; id: string }[] };
  /** Facts that the parents need and the record lacks or garbles, with the entity type that may be wrong for it. */
  problems: { entityType: string; fact: string; problem: string; isMissing: boolean }[];
}

const parentFacts = [
  { entityType: 'Tag', fact: 'agent.tags', side: 'agent' },
  { entityType: 'DataSource', fact: 'data_source', side: 'tool' },
  { entityType: 'Host', fact: 'host', side: 'tool' },
  { entityType: 'Host', fact: 'argument_hosts', side: 'tool' },
  { entityType: 'McpServer', fact: 'mcp_server', side: 'tool' },
] as const;

/** `api.example.com:8443` → also `api.example.com`: policies name hosts, rarely ports. */
const withoutPort = (host: string): string[] => (/:\d+$/.test(host) ? [host, host.replace(/:\d+$/, '')] : [host]);

/** The entities of a call, from its record alone. */
export function entitiesOf(question: PolicyQuestion): CallEntities {
  const agent = question.facts['agent'];
  const agentId = isRecord(agent) && typeof agent['id'] === 'string' ? agent['id'] : undefined;
  const entities: CallEntities = { agent: { id: agentId ?? '', parents: [] }, tool: { id: question.toolName, parents: [] }, problems: [] };
  if (agentId === undefined) entities.problems.push({ entityType: 'Agent', fact: 'agent', problem: 'Which agent it is, is not recorded.', isMissing: agent === undefined });
  for (const { entityType, fact, side } of parentFacts) {
    const reading = readFact(fact, question);
    if (reading.state === 'missing' || reading.state === 'unusable') entities.problems.push({ entityType, fact, problem: reading.problem, isMissing: reading.state === 'missing' });
    if (reading.state !== 'known') continue;
    const ids = Array.isArray(reading.value) ? reading.value : [String(reading.value)];
    entities[side].parents.push(...ids.flatMap((id) => (entityType === 'Host' ? withoutPort(id) : [id])).map((id) => ({ type: entityType, id })));
  }
  return entities;
}
