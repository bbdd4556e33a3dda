import { z } from 'zod';
import { listParameter, pageQuerySchema, timestampSchema } from './pagination.ts';
import { riskLevelSchema, toolFactsSchema, toolNameSchema } from './tools.ts';

/** `withdrawn`: the run ended before anybody decided. */
export const approvalStatuses = ['pending', 'approved', 'approved_with_edits', 'rejected', 'expired', 'withdrawn'] as const;
export const approvalStatusSchema = z.enum(approvalStatuses);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** `outcome_unknown`: an external effect may or may not have happened; approve = do it again, confirm = it happened, reject = give up. */
export const approvalKindSchema = z.enum(['tool_call', 'outcome_unknown']);
export type ApprovalKind = z.infer<typeof approvalKindSchema>;

/** Where a decision came in. */
export const decisionDoorSchema = z.enum(['api', 'temporal_signal', 'expiry', 'run_ended']);
export type DecisionDoor = z.infer<typeof decisionDoorSchema>;

export const decisionVerdictSchema = z.enum(['approve', 'reject', 'confirm_happened', 'expire', 'withdraw']);
export type DecisionVerdict = z.infer<typeof decisionVerdictSchema>;

export const approvalDecisionSchema = z.strictObject({
  verdict: decisionVerdictSchema,
  door: decisionDoorSchema,
  decided_by: z.strictObject({ user_id: z.uuid().nullable(), name: z.string() }),
  decided_at: timestampSchema,
  /** Milliseconds from request to decision. */
  time_to_decide_ms: z.number().int(),
  /** When the run first read the decision; null until then, and for ever where the run had ended. */
  taken_up_at: timestampSchema.nullable(),
  note: z.string().nullable(),
  edited_arguments: z.record(z.string(), z.json()).nullable(),
});
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

export const matchedRuleSchema = z.strictObject({ id: z.string(), description: z.string() });
export type MatchedRule = z.infer<typeof matchedRuleSchema>;

export const approvalRequestSchema = z.strictObject({
  id: z.uuid(),
  run_id: z.uuid(),
  agent_id: z.uuid(),
  agent_name: z.string(),
  kind: approvalKindSchema,
  status: approvalStatusSchema,
  tool_name: toolNameSchema,
  tool_call_id: z.uuid(),
  iteration: z.number().int(),
  /** The exact call; what is approved is what runs. */
  arguments: z.record(z.string(), z.json()),
  /** sha-256 in hex of the canonical JSON (RFC 8785) of `arguments`. */
  arguments_hash: z.string().length(64),
  version: z.number().int().positive(),
  /** Written by the system from the tool and its arguments. */
  effect_sentence: z.string(),
  risk_level: riskLevelSchema,
  reason: z.string(),
  matched_rules: z.array(matchedRuleSchema),
  policy_version: z.string(),
  facts: toolFactsSchema,
  goal: z.string(),
  /** The model's own words, unverified. */
  agent_reasoning: z.string().nullable(),
  started_by: z.string().nullable(),
  started_by_id: z.uuid().nullable(),
  /** Whether the terms of this request keep whoever started the run from approving it. */
  forbids_self_approval: z.boolean(),
  requested_at: timestampSchema,
  /** Null: waits for ever. Expiry never approves. */
  expires_at: timestampSchema.nullable(),
  /** The server's clock when it answered, so that countdowns do not trust the client's. */
  server_time: timestampSchema,
  decision: approvalDecisionSchema.nullable(),
});
export type ApprovalRequest = z.infer<typeof approvalRequestSchema>;

export const listApprovalsQuerySchema = pageQuerySchema.extend({
  status: listParameter(approvalStatusSchema).optional(),
  run_id: z.uuid().optional(),
  agent_id: z.uuid().optional(),
  tool_name: toolNameSchema.optional(),
  risk_level: riskLevelSchema.optional(),
});
export type ListApprovalsQuery = z.infer<typeof listApprovalsQuerySchema>;

/** What the decider saw; when given it must still be true, else APPROVAL_STALE. */
const seenShape = { version: z.number().int().positive().optional(), arguments_hash: z.string().length(64).optional() };

export const approveBodySchema = z
  .strictObject({ ...seenShape, edited_arguments: z.record(z.string(), z.json()).optional(), note: z.string().trim().max(2_000).optional() })
  .default({});

export const rejectBodySchema = z.strictObject({ ...seenShape, reason: z.string().trim().min(1, 'Say why; the agent reads it.').max(2_000) });

export const confirmHappenedBodySchema = z.strictObject({ ...seenShape, note: z.string().trim().max(2_000).optional() }).default({});
