import type { PolicyCondition, PolicySummary } from '../../../contracts/policies.ts';
import { compilePolicy, type Statement } from './compile-policy.ts';
import { toConditions } from './conditions.ts';
import { effectsOf } from './effect-of.ts';

type Description = Pick<PolicySummary, 'effect' | 'scope' | 'description'>;

const unique = <Item>(items: readonly Item[]): Item[] => [...new Set(items)];

const shownNames = 4;
const namesOf = (ids: readonly string[], joint: string): string => `${ids.slice(0, shownNames).join(joint)}${ids.length > shownNames ? ', …' : ''}`;

const words: Record<string, (ids: readonly string[]) => string> = {
  Tool: (ids) => namesOf(ids, ', '), Agent: (ids) => (ids.length === 1 ? 'one agent' : `${ids.length} agents`), Tag: (ids) => `agents tagged ${namesOf(ids, ' or ')}`,
  DataSource: (ids) => `data source ${namesOf(ids, ' or ')}`, Host: (ids) => namesOf(ids, ' or '), McpServer: (ids) => `MCP server ${namesOf(ids, ' or ')}`,
};

/** Whom and what a statement is about: "send_email, agents tagged finance". */
function scopeOf({ scope: { groups } }: Statement): string {
  if (groups === undefined) return 'nothing';
  const described = groups.map(({ anyOf }) => unique(anyOf.map(({ type }) => type)).map((type) => words[type]?.(anyOf.filter((entity) => entity.type === type).map(({ id }) => id)) ?? type).join(' or '));
  const about = [...described.filter((_text, index) => groups[index]?.side === 'tool'), ...described.filter((_text, index) => groups[index]?.side === 'agent')];
  return about.length === 0 ? 'every call' : about.join(', ');
}

const valueWords = (value: PolicyCondition['value']): string => (Array.isArray(value) ? value.join(' or ') : String(value));
const operatorWords: Record<PolicyCondition['operator'], (value: string) => string> = {
  is: (value) => `is ${value}`, is_not: (value) => `is not ${value}`, at_least: (value) => `is at least ${value}`, at_most: (value) => `is at most ${value}`, contains: (value) => `has ${value}`,
  contains_any: (value) => `is among or has ${value}`, matches: (value) => `is like ${value}`, is_known: () => 'is known',
};

const toWords = ({ fact, operator, value }: PolicyCondition): string => `${fact.replaceAll(/[_.]/g, ' ')} ${operatorWords[operator](valueWords(value))}`;

/** What has to hold beside the scope, in words where there are any. */
function conditionsOf({ conditions }: Statement): string {
  const known = conditions.map(({ kind, body }) => (kind === 'when' ? toConditions(body) : undefined));
  const said = known.flatMap((each) => each ?? []).map(toWords);
  const isMore = known.includes(undefined);
  if (said.length === 0) return isMore ? ' under conditions of its own' : '';
  return ` where ${said.join(' and ')}${isMore ? ' and more holds' : ''}`;
}

const verbs = { allow: 'Allows', ask: 'Asks a person about', deny: 'Blocks', mixed: 'Says different things about' } as const;

/** What statements do and what they are about, in words. Their own reason goes before words made from their parts. */
export function describeStatements(statements: readonly Statement[]): Description {
  const [first] = statements;
  if (first === undefined) return { effect: 'mixed', scope: '', description: '' };
  const effects = effectsOf(statements);
  const effect = effects.length === 1 ? (effects[0] ?? 'mixed') : 'mixed';
  const scopes = unique(statements.map(scopeOf));
  const scope = `${scopes.slice(0, 3).join('; ')}${scopes.length > 3 ? '; …' : ''}`;
  const reasons = unique(statements.map(({ terms }) => terms.reason).filter((reason) => reason !== null));
  const conditions = unique(statements.map(conditionsOf));
  return { effect, scope, description: reasons.length > 0 ? reasons.join(' ') : `${verbs[effect]} ${scope}${conditions.length === 1 ? conditions[0] : ' under conditions of their own'}.` };
}

/** What a policy does and what it is about, in words. Of text that does not parse: effect `mixed` and empty words. */
export function describePolicy(cedar: string): Description {
  const compiled = compilePolicy(cedar);
  return describeStatements(compiled.ok ? compiled.statements : []);
}
