import { z } from 'zod';
import { matchedRuleSchema, policyEffectSchema } from './approvals.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';
import { cedarTextSchema, policyIdSchema } from './policies.ts';
import { riskLevelSchema } from './tools.ts';

/** What a draft would have made of a recorded decision. */
export const backTestOutcomes = ['looser', 'stricter', 'unchanged', 'not_replayable'] as const;
export const backTestOutcomeSchema = z.enum(backTestOutcomes);
export type BackTestOutcome = z.infer<typeof backTestOutcomeSchema>;

export const startBackTestBodySchema = z
  .strictObject({
    /** The policy whose place the draft takes; null: it is a new one beside all others. */
    policy_id: policyIdSchema.nullable(),
    cedar: cedarTextSchema,
    from: timestampSchema,
    to: timestampSchema,
    /** Empty: every agent. */
    agent_ids: z.array(idSchema).max(100).default([]),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), { message: 'The range ends before it begins.', path: ['to'] });
export type StartBackTestBody = z.infer<typeof startBackTestBodySchema>;

export const backTestStatusSchema = z.enum(['running', 'completed', 'cancelled', 'failed']);
const countsSchema = z.strictObject({ looser: z.number().int(), stricter: z.number().int(), unchanged: z.number().int(), not_replayable: z.number().int() });

export const backTestSchema = z.strictObject({
  id: idSchema,
  status: backTestStatusSchema,
  policy_id: policyIdSchema.nullable(),
  policy_name: z.string().nullable(),
  cedar: z.string(),
  cedar_hash: z.string(),
  /** The live set the draft was compared with. */
  policy_version: z.string(),
  from: timestampSchema,
  to: timestampSchema,
  agent_ids: z.array(idSchema),
  /** Decisions in the range, and how many have been judged anew. */
  total: z.number().int(),
  done: z.number().int(),
  counts: countsSchema,
  error: z.string().nullable(),
  created_by: z.strictObject({ user_id: idSchema.nullable(), name: z.string() }),
  created_at: timestampSchema,
  finished_at: timestampSchema.nullable(),
});
export type BackTest = z.infer<typeof backTestSchema>;

export const listBackTestsQuerySchema = pageQuerySchema.extend({ policy_id: policyIdSchema.optional() });
export const listBackTestDecisionsQuerySchema = pageQuerySchema.extend({ outcome: backTestOutcomeSchema.exclude(['unchanged']).optional() });

/** A decision that the draft changes, or that cannot be judged anew. Unchanged ones are counted, not listed. */
export const backTestDecisionSchema = z.strictObject({
  decision_id: idSchema,
  at: timestampSchema,
  run_id: idSchema,
  /** The step of the run that shows the decision. */
  step_id: idSchema.nullable(),
  agent_id: idSchema.nullable(),
  agent_name: z.string().nullable(),
  tool_name: z.string(),
  risk_level: riskLevelSchema,
  outcome: backTestOutcomeSchema.exclude(['unchanged']),
  /** What was recorded then, what the live set says now, what the draft says. Null where it cannot be judged. */
  recorded_verdict: policyEffectSchema,
  live_verdict: policyEffectSchema.nullable(),
  draft_verdict: policyEffectSchema.nullable(),
  live_rules: z.array(matchedRuleSchema),
  draft_rules: z.array(matchedRuleSchema),
  /** Facts the record lacks, of those that are not replayable. */
  missing_facts: z.array(z.string()),
});
export type BackTestDecision = z.infer<typeof backTestDecisionSchema>;
