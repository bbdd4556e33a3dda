import { z } from 'zod';
import { idSchema } from './ids.ts';
import { listParameter, pageQuerySchema, timestampSchema } from './pagination.ts';
import { riskLevelSchema, toolFactsSchema, toolNameSchema } from './tools.ts';

/** `ask`: stops until a person approves. */
export const policyEffectSchema = z.enum(['allow', 'ask', 'deny']);
export type PolicyEffect = z.infer<typeof policyEffectSchema>;

/** Who may decide: everybody of a role, one person (e-mail address or id), or the members of a group. */
export const approverSchema = z.string().max(330).regex(/^(role:(approver|admin)|user:\S+|group:[a-z0-9][a-z0-9-]{0,59})$/, 'Name approvers as role:approver, user:ana@example.com or group:finance.');

/** `group:finance` in its parts. */
export const splitApprover = (approver: string): { kind: string; name: string } => {
  const colon = approver.indexOf(':');
  return { kind: approver.slice(0, colon), name: approver.slice(colon + 1) };
};

/** One policy's demand: `quorum` different people out of `approvers` (empty: anybody who may decide). */
export const approvalRequirementSchema = z.strictObject({ policy_id: z.string(), policy_name: z.string(), approvers: z.array(approverSchema), quorum: z.number().int().positive() });
export type ApprovalRequirement = z.infer<typeof approvalRequirementSchema>;

/** What an approval is like: the demands of every policy that asked, the strictest of each. Seconds count from the request. */
export const approvalTermsSchema = z.strictObject({
  /** Every one of them must be met. Empty: one decision by anybody who may decide. */
  requirements: z.array(approvalRequirementSchema),
  forbids_self_approval: z.boolean(),
  /** Null: waits for ever. */
  expires_after_seconds: z.number().int().nullable(),
  /** How far the expiry can be moved; null: it cannot. */
  extendable_to_seconds: z.number().int().nullable(),
  reminder_after_seconds: z.number().int().nullable(),
  /** From then on these people may decide too, and are told: what the policy `policy_id` demands; of older requests, which lack it, whatever is demanded. */
  escalations: z.array(z.strictObject({ after_seconds: z.number().int(), approvers: z.array(approverSchema), policy_id: z.string().optional() })),
  /** Null: every argument may be edited. */
  editable_fields: z.array(z.string()).nullable(),
});
export type ApprovalTerms = z.infer<typeof approvalTermsSchema>;

/** `withdrawn`: the run ended before anybody decided. */
export const approvalStatuses = ['pending', 'approved', 'approved_with_edits', 'rejected', 'expired', 'withdrawn'] as const;
export const approvalStatusSchema = z.enum(approvalStatuses);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** `question`: the agent asks something; answered, not approved. `outcome_unknown`: an external effect may or may not have happened; approve = do it again, confirm = it happened, reject = give up. */
export const approvalKindSchema = z.enum(['tool_call', 'question', 'outcome_unknown']);
export type ApprovalKind = z.infer<typeof approvalKindSchema>;

/** Where a decision came in. */
export const decisionDoorSchema = z.enum(['api', 'bulk', 'temporal_signal', 'expiry', 'run_ended']);
export type DecisionDoor = z.infer<typeof decisionDoorSchema>;

/** `answer`: of a question. `provide_result`: a person did by hand what was asked for, and gives the tool's result. */
export const decisionVerdictSchema = z.enum(['approve', 'reject', 'confirm_happened', 'answer', 'provide_result', 'expire', 'withdraw']);
export type DecisionVerdict = z.infer<typeof decisionVerdictSchema>;

const deeds: Partial<Record<DecisionVerdict, string>> = { provide_result: 'done by hand', answer: 'answered', confirm_happened: 'confirmed' };

/** How a request ended, in words: `approved` is also the status of what nobody approved, because somebody did it by hand, answered it, or saw that it had happened. */
export const wordsOfOutcome = (status: ApprovalStatus, verdict: DecisionVerdict | undefined): string => (verdict === undefined ? undefined : deeds[verdict]) ?? status.replaceAll('_', ' ');

export const approvalDecisionSchema = z.strictObject({
  verdict: decisionVerdictSchema,
  door: decisionDoorSchema,
  decided_by: z.strictObject({ user_id: idSchema.nullable(), name: z.string() }),
  decided_at: timestampSchema,
  /** Milliseconds from request to decision. */
  time_to_decide_ms: z.number().int(),
  /** When the run first read the decision; null until then, and for ever where the run had ended. */
  taken_up_at: timestampSchema.nullable(),
  note: z.string().nullable(),
  edited_arguments: z.record(z.string(), z.json()).nullable(),
  /** The answer to a question, or the result given by hand. */
  result: z.json().nullable(),
});
export type ApprovalDecision = z.infer<typeof approvalDecisionSchema>;

/** A policy that decided. `name`, `version` and `effect` are absent on verdicts older than written policies. */
export const matchedRuleSchema = z.strictObject({ id: z.string(), description: z.string(), name: z.string().optional(), version: z.number().int().optional(), effect: policyEffectSchema.optional() });
export type MatchedRule = z.infer<typeof matchedRuleSchema>;

const personSchema = z.strictObject({ user_id: idSchema.nullable(), name: z.string() });

/** One person's yes to a request that needs several. `counts` is false once they may no longer decide it (left the group, disabled). */
export const approvalVoteSchema = z.strictObject({ by: personSchema, on_behalf_of: personSchema.nullable(), at: timestampSchema, note: z.string().nullable(), counts: z.boolean() });
export type ApprovalVote = z.infer<typeof approvalVoteSchema>;

export const approvalRequestSchema = z.strictObject({
  id: idSchema,
  run_id: idSchema,
  agent_id: idSchema,
  agent_name: z.string(),
  kind: approvalKindSchema,
  status: approvalStatusSchema,
  tool_name: toolNameSchema,
  tool_call_id: idSchema,
  iteration: z.number().int(),
  /** The exact call; what is approved is what runs. */
  arguments: z.record(z.string(), z.json()),
  /** What the agent had proposed, where an approver has edited it since; null: unchanged. */
  original_arguments: z.record(z.string(), z.json()).nullable(),
  /** sha-256 in hex of the canonical JSON (RFC 8785) of `arguments`. */
  arguments_hash: z.string().length(64),
  /** Rises with every edit of a request that stays open. */
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
  started_by_id: idSchema.nullable(),
  terms: approvalTermsSchema,
  /** Yeses so far to the arguments as they are now. */
  votes: z.array(approvalVoteSchema),
  /** How many more each requirement needs, in the order of `terms.requirements`; one entry of the plain "one decision" when there are none. */
  votes_missing: z.array(z.number().int().nonnegative()),
  /** Approvers that escalation has added so far. */
  escalated_to: z.array(approverSchema),
  /** Up to when the expiry can be moved; null: it cannot. */
  extendable_until: timestampSchema.nullable(),
  /** Why it is asked again although it was approved before: what has drifted since. Null: first asked. */
  drift_reason: z.string().nullable(),
  /** Whether it is the reader's to decide (the terms name them, their group, their role or who delegated to them; or nobody, and they may), or of a run they started. */
  concerns_me: z.boolean(),
  /** Whether the reader may decide it now, and why not. */
  can_decide: z.strictObject({ is_allowed: z.boolean(), reason: z.string().nullable(), /** Whose absence it is decided in. */ on_behalf_of: personSchema.nullable() }),
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

/** A decided request like this one: same agent and tool, same effect or same salient arguments. */
export const similarApprovalSchema = z.strictObject({ id: idSchema, status: approvalStatusSchema, decided_by: z.string(), decided_at: timestampSchema, note: z.string().nullable(), effect_sentence: z.string(), is_same_arguments: z.boolean() });

/** One request with what surrounds it. */
export const approvalDetailsSchema = approvalRequestSchema.extend({
  /** The newest steps of the run before it asked, oldest first. */
  last_steps: z.array(z.strictObject({ step_id: idSchema, iteration: z.number().int(), kind: z.string(), status: z.string(), tool_name: z.string().nullable(), summary: z.string().nullable() })),
  similar: z.strictObject({ asked_before: z.number().int(), approved: z.number().int(), rejected: z.number().int(), last: z.array(similarApprovalSchema) }),
  budget: z.strictObject({ cost_micro_usd: z.number().int().nullable(), max_cost_micro_usd: z.number().int().nullable(), tokens: z.number().int(), max_tokens: z.number().int(), iterations: z.number().int(), max_iterations: z.number().int(), deadline_at: timestampSchema }),
});
export type ApprovalDetails = z.infer<typeof approvalDetailsSchema>;

export const listApprovalsQuerySchema = pageQuerySchema.extend({
  status: listParameter(approvalStatusSchema).optional(),
  run_id: idSchema.optional(),
  agent_id: idSchema.optional(),
  tool_name: toolNameSchema.optional(),
  risk_level: riskLevelSchema.optional(),
  /** `true`: only what has `concerns_me`. A page of what was decided may then hold fewer than `limit`, or nothing, with more behind its `next_cursor`. */
  mine: z.enum(['true', 'false']).transform((value) => value === 'true').optional(),
});
export type ListApprovalsQuery = z.infer<typeof listApprovalsQuerySchema>;

/** What the decider saw; when given it must still be true, else APPROVAL_STALE. A yes to what somebody has edited must name one of them. */
const seenShape = { version: z.number().int().positive().optional(), arguments_hash: z.string().length(64).optional() };

export const approveBodySchema = z
  .strictObject({ ...seenShape, edited_arguments: z.record(z.string(), z.json()).optional(), note: z.string().trim().max(2_000).optional() })
  .default({});

export const rejectBodySchema = z.strictObject({ ...seenShape, reason: z.string().trim().min(1, 'Say why; the agent reads it.').max(2_000) });

export const confirmHappenedBodySchema = z.strictObject({ ...seenShape, note: z.string().trim().max(2_000).optional() }).default({});

export const answerBodySchema = z.strictObject({ ...seenShape, answer: z.string().trim().min(1, 'Write an answer; the agent reads it.').max(20_000) });

/** The result a person worked out by hand; the agent reads it as the tool's own, marked as given by them. */
export const provideResultBodySchema = z.strictObject({ ...seenShape, result: z.json(), note: z.string().trim().max(2_000).optional() });

/** Moves the expiry, as far as the terms allow. */
export const extendBodySchema = z.strictObject({ ...seenShape, expires_at: timestampSchema });

/** Approve: only one tool and one rule, LOW or MEDIUM, unedited, at most 20 (APPROVAL_BULK_REFUSED). Each request is decided alone. */
export const bulkDecisionBodySchema = z
  .strictObject({
    verdict: z.enum(['approve', 'reject']),
    items: z.array(z.strictObject({ id: idSchema, version: z.number().int().positive(), arguments_hash: z.string().length(64) })).min(1).max(200)
      .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'Each request once.'),
    reason: z.string().trim().max(2_000).optional(),
  })
  .refine(({ verdict, reason }) => verdict === 'approve' || (reason !== undefined && reason !== ''), { message: 'Say why; the agents read it.', path: ['reason'] });
export type BulkDecisionBody = z.infer<typeof bulkDecisionBodySchema>;
export const bulkOutcomeSchema = z.strictObject({
  items: z.array(z.strictObject({ id: idSchema, status: approvalStatusSchema.nullable(), error: z.strictObject({ code: z.string(), message: z.string() }).nullable() })),
});
export type BulkOutcome = z.infer<typeof bulkOutcomeSchema>;

export const approvalCountsSchema = z.strictObject({
  pending: z.number().int(),
  /** Pending ones that have `concerns_me`. */
  mine: z.number().int(),
  by_risk: z.strictObject({ LOW: z.number().int(), MEDIUM: z.number().int(), HIGH: z.number().int(), CRITICAL: z.number().int() }),
  by_tool: z.array(z.strictObject({ tool_name: z.string(), count: z.number().int() })),
  by_agent: z.array(z.strictObject({ agent_id: idSchema, agent_name: z.string(), count: z.number().int() })),
  oldest_requested_at: timestampSchema.nullable(),
  /** Of what people decided in the last 24 hours; null without any. */
  decided_24h: z.number().int(),
  expired_24h: z.number().int(),
  median_time_to_decide_ms: z.number().nullable(),
  p95_time_to_decide_ms: z.number().nullable(),
});
export type ApprovalCounts = z.infer<typeof approvalCountsSchema>;
