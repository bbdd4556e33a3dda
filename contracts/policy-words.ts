import { z } from 'zod';

/** How a condition of the form compares a fact. Which of them a fact of some type takes, {@link policyFactSchema} says. */
export const conditionOperators = ['is', 'is_not', 'at_least', 'at_most', 'contains', 'contains_any', 'matches', 'is_known'] as const;

/** A fact conditions may use. `tools` empty: every call has it. */
export const policyFactSchema = z.strictObject({
  name: z.string(),
  /** How the text reads it: `principal.tags`, `context.run.tokens`. */
  attribute: z.string(),
  type: z.enum(['text', 'number', 'boolean', 'text_set']),
  /** False: some calls lack it, and Cedar has to ask with `has` first (the form does). */
  is_always_known: z.boolean(),
  description: z.string(),
  tools: z.array(z.string()),
  operators: z.array(z.enum(conditionOperators)),
});
export type PolicyFact = z.infer<typeof policyFactSchema>;

const policyWordSchema = z.strictObject({ name: z.string(), description: z.string() });

/** What a policy's text may name beside facts, each with its meaning. */
export const policyWordsSchema = z.strictObject({
  /** `stands_in`: types whose entities one of this type may be in. */
  entity_types: z.array(policyWordSchema.extend({ stands_in: z.array(z.string()) })),
  actions: z.array(policyWordSchema),
  /** `entity_type`: what the variable is; null for a record. */
  variables: z.array(policyWordSchema.extend({ entity_type: z.string().nullable() })),
  /** Attributes that are no facts, as the text reads them. Tags are values by name, asked for with `hasTag` and `getTag`. */
  attributes: z.array(policyWordSchema.extend({ type: z.enum(['text', 'record', 'text_tags', 'number_tags']) })),
  /** `hint`: how the value is written. */
  annotations: z.array(policyWordSchema.extend({ hint: z.string().nullable() })),
});
export type PolicyWords = z.infer<typeof policyWordsSchema>;

export const policyFactsResponseSchema = z.strictObject({ items: z.array(policyFactSchema), words: policyWordsSchema, /** The Cedar schema policies are checked against. */ cedar_schema: z.string() });
export type PolicyFacts = z.infer<typeof policyFactsResponseSchema>;
