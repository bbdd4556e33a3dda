import type { z } from 'zod';
import type { conditionOperators, PolicyFact, policyFactsResponseSchema } from '../../../contracts/policies.ts';
import { cedarSchema } from './cedar-schema.ts';
import { type Fact, facts, type FactType, isAlwaysKnown } from './fact-catalogue.ts';

type Operator = (typeof conditionOperators)[number];

/** How the form compares facts of a type; `is_known` is for those a call may lack. */
export const operatorsOf: Record<FactType, readonly Operator[]> = {
  text: ['is', 'is_not', 'matches'], number: ['is', 'is_not', 'at_least', 'at_most'], boolean: ['is'], text_set: ['contains', 'contains_any'],
};

const toPolicyFact = (fact: Fact): PolicyFact => ({
  name: fact.name, type: fact.type, description: fact.description, is_always_known: isAlwaysKnown(fact), tools: [...fact.tools],
  operators: [...operatorsOf[fact.type], ...(isAlwaysKnown(fact) ? [] : ['is_known' as const])],
});

/** The facts policies may use, and the Cedar schema made from them. */
export function listPolicyFacts(): z.infer<typeof policyFactsResponseSchema> {
  return { items: facts.map(toPolicyFact), cedar_schema: cedarSchema };
}
