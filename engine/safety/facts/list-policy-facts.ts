import type { conditionOperators, PolicyFact, PolicyFacts } from '../../../contracts/policy-words.ts';
import { annotationWords } from '../cedar/annotations.ts';
import { toAccess } from '../cedar/conditions.ts';
import { cedarSchema } from './cedar-schema.ts';
import { type Fact, facts, type FactType, isAlwaysKnown } from './fact-catalogue.ts';
import { vocabulary } from './vocabulary.ts';

type Operator = (typeof conditionOperators)[number];

/** How the form compares facts of a type; `is_known` is for those a call may lack. */
export const operatorsOf: Record<FactType, readonly Operator[]> = {
  text: ['is', 'is_not', 'matches'], number: ['is', 'is_not', 'at_least', 'at_most'], boolean: ['is'], text_set: ['contains', 'contains_any'],
};

const toPolicyFact = (fact: Fact): PolicyFact => ({
  name: fact.name, attribute: toAccess(fact.name).value, type: fact.type, description: fact.description, is_always_known: isAlwaysKnown(fact), tools: [...fact.tools],
  operators: [...operatorsOf[fact.type], ...(isAlwaysKnown(fact) ? [] : ['is_known' as const])],
});

/** The facts policies may use, whatever else their text may name, and the Cedar schema made from both. */
export function listPolicyFacts(): PolicyFacts {
  return { items: facts.map(toPolicyFact), words: { ...vocabulary, annotations: [...annotationWords] }, cedar_schema: cedarSchema };
}
