import type { z } from 'zod';
import type { policyFactsResponseSchema } from '../../../contracts/policies.ts';

/** The facts policies may use, and the Cedar schema made from them. */
export function listPolicyFacts(): z.infer<typeof policyFactsResponseSchema> {
  return { items: [], cedar_schema: '' };
}
