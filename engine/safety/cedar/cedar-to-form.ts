import { isDeepStrictEqual } from 'node:util';
import { type PolicyForm, policyFormSchema } from '../../../contracts/policies.ts';
import { riskLevelSchema } from '../../../contracts/tools.ts';
import { isRecord } from '../../../platform/json.ts';
import { toFormTerms } from './annotations.ts';
import { compilePolicy, type Statement } from './compile-policy.ts';
import { toConditions } from './conditions.ts';

type FormParts = Pick<PolicyForm, 'tools' | 'agent_ids' | 'tags' | 'data_sources' | 'hosts' | 'risk_levels' | 'conditions'>;

/** Why the form cannot show a text. */
class Refusal extends Error {}

const fieldOf = { Agent: 'agent_ids', Tag: 'tags', Tool: 'tools', DataSource: 'data_sources', Host: 'hosts' } as const;

/** Which demand of a scope this is, by the types it names: who, which tools, or where. */
const kindOf = (types: readonly string[]): string | undefined => [['Agent', 'Tag'], ['Tool'], ['DataSource', 'Host']].find((kind) => types.every((type) => kind.includes(type)))?.join();

function addGroups(parts: FormParts, { scope }: Statement): void {
  if (scope.groups === undefined) throw new Refusal('Its scope fits no call.');
  const seen = new Set<string>();
  for (const { anyOf } of scope.groups) {
    const kind = kindOf(anyOf.map(({ type }) => type));
    if (kind === undefined || anyOf.length === 0) throw new Refusal(`It is about ${[...new Set(anyOf.map(({ type }) => type))].join(' or ')} together.`);
    if (seen.has(kind)) throw new Refusal('It narrows agents or tools twice.');
    seen.add(kind);
    for (const { type, id } of anyOf) parts[fieldOf[type as keyof typeof fieldOf]].push(id);
  }
}

function toRiskLevels(body: unknown): PolicyForm['risk_levels'] | undefined {
  const contains = isRecord(body) ? body['contains'] : undefined;
  if (!isRecord(contains)) return undefined;
  const [condition] = toConditions(body) ?? [];
  const levels = condition?.fact === 'risk' && condition.operator === 'contains_any' ? riskLevelSchema.array().safeParse(condition.value) : undefined;
  return levels?.success === true ? levels.data : undefined;
}

function toParts(statement: Statement): FormParts {
  const parts: FormParts = { tools: [], agent_ids: [], tags: [], data_sources: [], hosts: [], risk_levels: [], conditions: [] };
  addGroups(parts, statement);
  for (const { kind, body } of statement.conditions) {
    if (kind === 'unless') throw new Refusal('It has an “unless”.');
    const levels = parts.risk_levels.length === 0 && parts.conditions.length === 0 ? toRiskLevels(body) : undefined;
    const conditions = levels === undefined ? toConditions(body) : [];
    if (conditions === undefined) throw new Refusal('One of its conditions compares in a way the form has no words for.');
    parts.risk_levels.push(...(levels ?? []));
    parts.conditions.push(...conditions);
  }
  return parts;
}

const isOf = (statement: Statement, effect: Statement['effect'], use: boolean, unattended: boolean): boolean =>
  statement.effect === effect && statement.scope.actions.use === use && statement.scope.actions.use_unattended === unattended;

/** The effect the form calls it, and the statement that carries its terms. */
function toEffect(statements: readonly Statement[]): { effect: PolicyForm['effect']; first: Statement; bearer: Statement } {
  const [first, second, ...more] = statements;
  if (first === undefined) throw new Refusal('It has no statement.');
  if (second === undefined) {
    if (isOf(first, 'permit', true, true)) return { effect: 'allow', first, bearer: first };
    if (isOf(first, 'forbid', true, true)) return { effect: 'deny', first, bearer: first };
  } else if (more.length === 0 && isOf(first, 'permit', true, false) && isOf(second, 'forbid', false, true)) return { effect: 'ask', first, bearer: second };
  throw new Refusal(statements.length > 1 ? `It has ${statements.length} statements that are not the two of one “ask”.` : 'Its one statement is only about one of the two actions.');
}

function toForm(statements: readonly Statement[]): PolicyForm {
  const { effect, first, bearer } = toEffect(statements);
  const parts = toParts(first);
  const annotationsOf = ({ json }: Statement): Record<string, string | null> => json.annotations ?? {};
  if (bearer !== first) {
    if (!isDeepStrictEqual(parts, toParts(bearer))) throw new Refusal('Its two statements are not about the same calls.');
    const { reason, ...others } = annotationsOf(first);
    if (Object.keys(others).length > 0 || reason !== annotationsOf(bearer)['reason']) throw new Refusal('Its two statements have different annotations.');
  }
  const terms = toFormTerms(annotationsOf(bearer));
  if (terms === undefined || (effect !== 'ask' && terms !== null)) throw new Refusal('Its annotations say something the form has no field for.');
  const form = policyFormSchema.safeParse({ effect, ...parts, reason: bearer.terms.reason ?? '', terms });
  if (!form.success) throw new Refusal(`It names something the form does not take: ${form.error.issues[0]?.path.join('.') ?? ''}.`);
  return form.data;
}

/** A policy's text as the form shows it, or why it cannot. What people wrote as comments is no reason: it stays in the text. */
export function cedarToForm(cedar: string): { form: PolicyForm; refusal: null } | { form: null; refusal: string } {
  const compiled = compilePolicy(cedar);
  if (!compiled.ok) return { form: null, refusal: 'The text cannot be read yet.' };
  try {
    return { form: toForm(compiled.statements), refusal: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { form: null, refusal: error.message };
  }
}
