import { isDeepStrictEqual } from 'node:util';
import type { PolicyCondition, PolicyForm } from '../../../contracts/policies.ts';
import { type FactType, findFact } from '../facts/fact-catalogue.ts';
import { operatorsOf } from '../facts/list-policy-facts.ts';

const listOperators: readonly PolicyCondition['operator'][] = ['contains_any'];

const isValueOf = (type: FactType, isList: boolean, value: PolicyCondition['value']): boolean => {
  if (isList) return Array.isArray(value) && value.length > 0;
  if (type === 'number') return typeof value === 'number' && Number.isSafeInteger(value);
  return type === 'boolean' ? typeof value === 'boolean' : typeof value === 'string';
};

const valueWords: Record<FactType, string> = { text: 'a text', number: 'a whole number', boolean: 'yes or no', text_set: 'a text' };

/** What is wrong with one condition, as the form's own words; undefined when nothing is. */
function conditionIssue({ fact: name, operator, value }: PolicyCondition): string | undefined {
  const fact = findFact(name);
  if (fact === undefined) return `There is no fact “${name}”.`;
  if (operator === 'is_known') return undefined;
  if (!operatorsOf[fact.type].includes(operator)) return `The fact ${name} cannot be compared with “${operator.replaceAll('_', ' ')}”.`;
  if (value === undefined) return `The condition on ${name} has no value.`;
  const isList = listOperators.includes(operator);
  return isValueOf(fact.type, isList, value) ? undefined : `The condition on ${name} wants ${isList ? 'a list of at least one text' : valueWords[fact.type]}.`;
}

/** What is wrong with a form that its text would not show. `read` is the form read back from that text. */
export function formIssues(form: PolicyForm, read: PolicyForm | null): string[] {
  const issues = form.conditions.map(conditionIssue).filter((issue) => issue !== undefined);
  if (issues.length > 0) return issues;
  const expected = form.effect === 'ask' ? form : { ...form, terms: null };
  return read === null || isSame(read, expected) ? [] : ['Something in the form cannot be written as Cedar as it is: a name with a comma or a semicolon, or one listed twice.'];
}

/** Values the form takes but writes differently count as the same: `risk is one of` stands for the risk itself. */
const isSame = (left: PolicyForm, right: PolicyForm): boolean => isDeepStrictEqual(withoutRisk(left), withoutRisk(right));
const withoutRisk = (form: PolicyForm): PolicyForm => ({ ...form, risk_levels: [], conditions: form.conditions.filter(({ fact }) => fact !== 'risk') });
