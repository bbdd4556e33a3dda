import { isRecord } from '../../../platform/json.ts';
import { type EntityKey, toEntityKey } from '../facts/entities-of.ts';
import type { PolicyJson } from './cedar-engine.ts';

/** One demand of a scope: the side stands in one of these. */
export interface ScopeGroup {
  side: 'agent' | 'tool';
  anyOf: { type: string; id: string }[];
}

/** Which calls a statement is about. `groups` are all demanded; undefined: of no call at all. */
export interface Scope {
  groups: ScopeGroup[] | undefined;
  actions: { use: boolean; use_unattended: boolean };
}

const variableOf = { principal: 'agent', resource: 'tool' } as const;
/** The type of entity that each side is. */
const typeOf = { agent: 'Agent', tool: 'Tool' } as const;

const toEntity = (value: unknown): { type: string; id: string } | undefined => {
  const inner = isRecord(value) && isRecord(value['__entity']) ? value['__entity'] : value;
  return isRecord(inner) && typeof inner['type'] === 'string' && typeof inner['id'] === 'string' ? { type: inner['type'], id: inner['id'] } : undefined;
};

/** Groups of one side's constraint; undefined where nothing can stand in it. */
function toGroups(side: ScopeGroup['side'], constraint: PolicyJson['principal'] | PolicyJson['resource']): ScopeGroup[] | undefined {
  if (constraint.op === 'All') return [];
  if (constraint.op === 'is') {
    if (constraint.entity_type !== typeOf[side]) return undefined;
    return constraint.in === undefined ? [] : toGroups(side, { op: 'in', ...constraint.in });
  }
  const entity = 'entity' in constraint ? toEntity(constraint.entity) : undefined;
  // Nothing equals its own parent, though it stands in it.
  if (entity === undefined || (constraint.op === '==' && entity.type !== typeOf[side])) return undefined;
  return [{ side, anyOf: [entity] }];
}

function toActions(constraint: PolicyJson['action']): Scope['actions'] {
  if (constraint.op === 'All') return { use: true, use_unattended: true };
  const uids = 'entities' in constraint ? constraint.entities : 'entity' in constraint ? [constraint.entity] : [];
  const ids = uids.map(toEntity).filter((uid) => uid?.type === 'Action').map((uid) => uid?.id);
  return { use: ids.includes('use'), use_unattended: ids.includes('use_unattended') };
}

/** `principal in [Agent::"a", Agent::"b"] || principal in [Tag::"c"]`: the entities, and whose they are. A set of Cedar holds one type alone. */
function toMembership(body: unknown): ScopeGroup | undefined {
  if (!isRecord(body)) return undefined;
  if (isRecord(body['||'])) {
    const [left, right] = [toMembership(body['||']['left']), toMembership(body['||']['right'])];
    return left === undefined || right === undefined || left.side !== right.side ? undefined : { side: left.side, anyOf: [...left.anyOf, ...right.anyOf] };
  }
  if (!isRecord(body['in'])) return undefined;
  const { left, right } = body['in'];
  const variable = isRecord(left) ? left['Var'] : undefined;
  if ((variable !== 'principal' && variable !== 'resource') || !isRecord(right)) return undefined;
  const items = Array.isArray(right['Set']) ? right['Set'] : [right];
  const anyOf = items.map((item) => toEntity(isRecord(item) ? item['Value'] : undefined)).filter((entity) => entity !== undefined);
  return anyOf.length === items.length ? { side: variableOf[variable], anyOf } : undefined;
}

/** A condition that only says where agent or tool stand, which Cedar's own scope has no words for. */
const toGroup = ({ kind, body }: PolicyJson['conditions'][number]): ScopeGroup | undefined => (kind === 'when' ? toMembership(body) : undefined);

/**
 * The scope of a statement and the conditions left beside it. Leading conditions that only say where agent or tool stand belong to the scope:
 * whether they hold is known without evaluating anything. Only leading ones, because a condition before them could fail.
 */
export function splitScope(json: PolicyJson): { scope: Scope; conditions: PolicyJson['conditions'] } {
  const sides = [toGroups('agent', json.principal), toGroups('tool', json.resource)];
  const lifted: ScopeGroup[] = [];
  for (const clause of json.conditions) {
    const group = toGroup(clause);
    if (group === undefined) break;
    lifted.push(group);
  }
  const groups = sides.some((side) => side === undefined) ? undefined : [...sides.flatMap((side) => side ?? []), ...lifted];
  return { scope: { groups, actions: toActions(json.action) }, conditions: json.conditions.slice(lifted.length) };
}

/** Where agent and tool of a call stand, themselves included, and of which types that is not known. */
export interface Standing {
  agent: ReadonlySet<EntityKey>;
  tool: ReadonlySet<EntityKey>;
  unknownTypes: ReadonlySet<string>;
}

/** Whether a call is within the groups; `unknown`: the record does not say. */
export function isWithinScope(groups: readonly ScopeGroup[], standing: Standing): 'yes' | 'no' | 'unknown' {
  let answer: 'yes' | 'unknown' = 'yes';
  for (const { side, anyOf } of groups) {
    if (anyOf.some((entity) => standing[side].has(toEntityKey(entity)))) continue;
    if (!anyOf.some(({ type }) => standing.unknownTypes.has(type))) return 'no';
    answer = 'unknown';
  }
  return answer;
}
