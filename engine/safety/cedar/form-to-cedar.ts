import type { PolicyForm } from '../../../contracts/policies.ts';
import { toAnnotations } from './annotations.ts';
import { toCedarEntity, toCedarLiteral, toCedarText } from './cedar-text.ts';
import { toCedarCondition } from './conditions.ts';

interface Entity {
  type: string;
  id: string;
}

const entities = (type: string, ids: readonly string[]): Entity[] => ids.map((id) => ({ type, id }));
/** A set of Cedar holds entities of one type, so each type has a set of its own. */
const isIn = (variable: string, anyOf: readonly Entity[]): string =>
  [...new Set(anyOf.map(({ type }) => type))].map((type) => `${variable} in [${anyOf.filter((entity) => entity.type === type).map(toCedarEntity).join(', ')}]`).join(' || ');
/** `principal == Agent::"a"`, `resource in Host::"b"`: Cedar's scope takes one entity alone. */
const toConstraint = (variable: string, entity: Entity | undefined, itself: string): string =>
  entity === undefined ? variable : `${variable} ${entity.type === itself ? '==' : 'in'} ${toCedarEntity(entity)}`;

/** What stands in the brackets and in the clauses behind them. */
function toScope({ agent_ids: agentIds, tags, tools, data_sources: dataSources, hosts, risk_levels: riskLevels, conditions }: PolicyForm) {
  const who = [...entities('Agent', agentIds), ...entities('Tag', tags)];
  const what = entities('Tool', tools);
  const where = [...entities('DataSource', dataSources), ...entities('Host', hosts)];
  const resource = what.length === 1 ? what[0] : what.length === 0 && where.length === 1 ? where[0] : undefined;
  return {
    principal: toConstraint('principal', who.length === 1 ? who[0] : undefined, 'Agent'),
    resource: toConstraint('resource', resource, 'Tool'),
    clauses: [
      ...(who.length > 1 ? [isIn('principal', who)] : []),
      ...(what.length > 1 ? [isIn('resource', what)] : []),
      ...(where.length > 0 && resource !== where[0] ? [isIn('resource', where)] : []),
      ...(riskLevels.length > 0 ? [`${toCedarLiteral(riskLevels)}.contains(context.risk)`] : []),
      ...conditions.map(toCedarCondition),
    ],
  };
}

const anyUse = 'action in [Action::"use", Action::"use_unattended"]';
/** Statements per effect: what may be used at all, and what may happen without a person. */
const statementsOf = {
  allow: [{ effect: 'permit', action: anyUse, hasTerms: false }],
  ask: [{ effect: 'permit', action: 'action == Action::"use"', hasTerms: false }, { effect: 'forbid', action: 'action == Action::"use_unattended"', hasTerms: true }],
  deny: [{ effect: 'forbid', action: anyUse, hasTerms: false }],
} as const;

/**
 * The Cedar text of a form. Agents and tags widen each other (any of them), so do data sources and hosts; everything else narrows. Text of
 * whatever kind in the form stays a text in Cedar.
 */
export function formToCedar(form: PolicyForm): string {
  const { principal, resource, clauses } = toScope(form);
  return statementsOf[form.effect]
    .map(({ effect, action, hasTerms }) => {
      const annotations: [string, string][] = [...(form.reason === '' ? [] : [['reason', form.reason] as [string, string]]), ...(hasTerms ? toAnnotations(form.terms) : [])];
      return [
        ...annotations.map(([name, value]) => `@${name}(${toCedarText(value)})`),
        `${effect}(`, `  ${principal},`, `  ${action},`, `  ${resource}`, `)${clauses.length === 0 ? ';' : ''}`,
        ...clauses.map((clause, index) => `when { ${clause} }${index === clauses.length - 1 ? ';' : ''}`),
      ].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}
