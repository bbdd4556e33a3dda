import { z } from 'zod';
import { approvalTermsSchema, approverSchema, matchedRuleSchema, policyEffectSchema } from './approvals.ts';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';
import { conditionOperators } from './policy-words.ts';
import { riskLevelSchema, toolEffectSchema, toolFactsSchema, toolNameSchema } from './tools.ts';

/** A shipped policy (`built-in.high-asks`) or the UUID of a written one. */
export const policyIdSchema = z.string().regex(/^(built-in\.[a-z0-9-]{1,60}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
export const policyNameSchema = z.string().trim().min(1, 'Give the policy a name.').max(120);
/** Cedar's own text: one or more statements. */
export const cedarTextSchema = z.string().trim().min(1, 'Write at least one statement.').max(20_000);
const noteSchema = z.string().trim().max(2_000);

export const policyConditionSchema = z.strictObject({
  /** Name of a fact as `GET /api/policies/facts` lists it, e.g. `outside_recipient_count`; of an argument `arguments.subject` (text) or `numbers.amount`. */
  fact: z.string().min(1).max(120),
  operator: z.enum(conditionOperators),
  /** Absent for `is_known`. `matches` takes `*` for any run of characters. */
  value: z.union([z.string().max(500), z.number().int(), z.boolean(), z.array(z.string().max(500)).max(50)]).optional(),
});
export type PolicyCondition = z.infer<typeof policyConditionSchema>;

/** Terms a policy puts on the approvals it asks for; left out: the terms of the others, or none. */
export const policyTermsSchema = z.strictObject({
  approvers: z.array(approverSchema).max(20).default([]),
  quorum: z.number().int().min(1).max(20).default(1),
  expires_after_seconds: z.number().int().min(10).max(30 * 24 * 3600).nullable().default(null),
  extendable_to_seconds: z.number().int().min(10).max(30 * 24 * 3600).nullable().default(null),
  reminder_after_seconds: z.number().int().min(5).max(30 * 24 * 3600).nullable().default(null),
  escalations: z.array(z.strictObject({ after_seconds: z.number().int().min(5).max(30 * 24 * 3600), approvers: z.array(approverSchema).min(1).max(20) })).max(5).default([]),
  forbids_self_approval: z.boolean().default(false),
  /** Null: every argument may be edited. */
  editable_fields: z.array(z.string().min(1).max(120)).max(50).nullable().default(null),
});
export type PolicyTerms = z.infer<typeof policyTermsSchema>;

/** What a policy says, as the form shows it. Empty lists mean any. */
export const policyFormSchema = z.strictObject({
  effect: policyEffectSchema,
  tools: z.array(toolNameSchema).max(50).default([]),
  agent_ids: z.array(idSchema).max(50).default([]),
  tags: z.array(z.string().min(1).max(60)).max(50).default([]),
  data_sources: z.array(z.string().min(1).max(120)).max(50).default([]),
  hosts: z.array(z.string().min(1).max(253)).max(50).default([]),
  risk_levels: z.array(riskLevelSchema).max(4).default([]),
  /** All of them must hold. */
  conditions: z.array(policyConditionSchema).max(20).default([]),
  /** The sentence people read when it decides. */
  reason: z.string().trim().max(500).default(''),
  /** For `ask` alone. */
  terms: policyTermsSchema.nullable().default(null),
});
export type PolicyForm = z.infer<typeof policyFormSchema>;

/** Lines and columns count from 1. An `error` keeps the text from going live, a `warning` does not. */
export const policyIssueSchema = z.strictObject({
  severity: z.enum(['error', 'warning']),
  message: z.string(),
  hint: z.string().nullable(),
  line: z.number().int().positive().nullable(),
  column: z.number().int().positive().nullable(),
  end_line: z.number().int().positive().nullable(),
  end_column: z.number().int().positive().nullable(),
});
export type PolicyIssue = z.infer<typeof policyIssueSchema>;

/** Either the text or the form; the other one is made from it. */
const policySourceShape = { cedar: cedarTextSchema.optional(), form: policyFormSchema.optional() };
const oneSource = ({ cedar, form }: { cedar?: unknown; form?: unknown }): boolean => (cedar === undefined) !== (form === undefined);
const oneSourceMessage = { message: 'Send either cedar or form.', path: ['cedar'] };

export const checkPolicyBodySchema = z.strictObject({ cedar: z.string().max(20_000).optional(), form: policyFormSchema.optional() }).refine(oneSource, oneSourceMessage);
export const checkedPolicySchema = z.strictObject({
  cedar: z.string(),
  /** Null: the text says something the form cannot show. */
  form: policyFormSchema.nullable(),
  /** Why the form cannot show it. */
  form_refusal: z.string().nullable(),
  issues: z.array(policyIssueSchema),
  /** No error among the issues: it could go live. */
  is_valid: z.boolean(),
});
export type CheckedPolicy = z.infer<typeof checkedPolicySchema>;

export const policyStateSchema = z.enum(['draft', 'live', 'off']);
const byLineSchema = z.strictObject({ user_id: idSchema.nullable(), name: z.string() });

export const policySummarySchema = z.strictObject({
  id: policyIdSchema,
  name: z.string(),
  state: policyStateSchema,
  is_built_in: z.boolean(),
  /** Of what is live, else of the draft; `mixed`: statements of several effects. */
  effect: z.enum(['allow', 'ask', 'deny', 'mixed']),
  /** What it is about, in words: "send_email, agents tagged finance". */
  scope: z.string(),
  description: z.string(),
  live_version: z.number().int().positive().nullable(),
  /** There is text that is not live (yet). */
  has_draft: z.boolean(),
  matches_7d: z.number().int(),
  changed_at: timestampSchema.nullable(),
  changed_by: byLineSchema.nullable(),
  /** Counts every change; sent along with the next one. */
  revision: z.number().int().nonnegative(),
});
export type PolicySummary = z.infer<typeof policySummarySchema>;

export const policiesResponseSchema = z.strictObject({
  /** Names the set of all live policies; stored with every verdict. */
  policy_version: z.string(),
  /** What happens to a call no policy permits. */
  default_effect: z.literal('deny'),
  items: z.array(policySummarySchema),
});
export type PoliciesResponse = z.infer<typeof policiesResponseSchema>;

export const policyDraftSchema = z.strictObject({
  cedar: z.string(),
  form: policyFormSchema.nullable(),
  issues: z.array(policyIssueSchema),
  /** sha-256 of the text; a back-test of exactly this text has the same. */
  cedar_hash: z.string(),
  based_on_version: z.number().int().positive().nullable(),
  updated_at: timestampSchema,
  updated_by: byLineSchema,
  /** The newest completed back-test of exactly this text. */
  back_test: z.strictObject({ id: idSchema, finished_at: timestampSchema }).nullable(),
});
export const policySchema = policySummarySchema.extend({
  /** The live text; of one that is off, the last that was live. */
  cedar: z.string().nullable(),
  form: policyFormSchema.nullable(),
  draft: policyDraftSchema.nullable(),
});
export type PolicyDetails = z.infer<typeof policySchema>;

export const createPolicyBodySchema = z.strictObject({ name: policyNameSchema, ...policySourceShape }).refine(oneSource, oneSourceMessage);
export type CreatePolicyBody = z.infer<typeof createPolicyBodySchema>;
/** `revision` must be the current one, else POLICY_CHANGED, whose details carry what is there now. A draft may be invalid; it is kept all the same. */
export const savePolicyDraftBodySchema = z
  .strictObject({ revision: z.number().int().nonnegative(), name: policyNameSchema.optional(), ...policySourceShape })
  .refine((body) => !(body.cedar !== undefined && body.form !== undefined), oneSourceMessage);
export type SavePolicyDraftBody = z.infer<typeof savePolicyDraftBodySchema>;
export const policyRevisionQuerySchema = z.strictObject({ revision: z.coerce.number().int().nonnegative() });
/** Details of POLICY_CHANGED: what is there now, of whom, since when. */
export const policyConflictSchema = z.strictObject({
  revision: z.number().int().nonnegative(),
  name: z.string(),
  changed_at: timestampSchema,
  changed_by: byLineSchema,
  live_version: z.number().int().positive().nullable(),
  /** The live text; of one that is off, the last that was live. */
  cedar: z.string().nullable(),
  draft_cedar: z.string().nullable(),
});
export type PolicyConflict = z.infer<typeof policyConflictSchema>;
/** Details of POLICY_INVALID and POLICY_HAS_WARNINGS. */
export const policyIssuesSchema = z.strictObject({ issues: z.array(policyIssueSchema) });
export const publishPolicyBodySchema = z.strictObject({
  revision: z.number().int().nonnegative(),
  note: noteSchema.min(1, 'Say what changes, for whoever reads the history.'),
  /** Needed where no completed back-test of exactly this text judged a decision (POLICY_NOT_BACK_TESTED). */
  reason_without_back_test: noteSchema.min(1).optional(),
  /** Warnings the publisher has read (`policy forbids everything`); without it they refuse with POLICY_HAS_WARNINGS. */
  accepts_warnings: z.boolean().default(false),
});
export type PublishPolicyBody = z.infer<typeof publishPolicyBodySchema>;
export const turnOffPolicyBodySchema = z.strictObject({ revision: z.number().int().nonnegative(), note: noteSchema.min(1, 'Say why, for whoever reads the history.') });
export const rollBackPolicyBodySchema = z.strictObject({ revision: z.number().int().nonnegative(), version: z.int32().positive(), note: noteSchema.min(1, 'Say why, for whoever reads the history.') });

export const policyVersionSchema = z.strictObject({
  version: z.number().int().positive(),
  cedar: z.string(),
  form: policyFormSchema.nullable(),
  note: z.string(),
  created_at: timestampSchema,
  created_by: byLineSchema,
  /** The version whose text it brings back. */
  rolled_back_to: z.number().int().positive().nullable(),
  back_test_id: idSchema.nullable(),
  reason_without_back_test: z.string().nullable(),
  is_live: z.boolean(),
});
export type PolicyVersion = z.infer<typeof policyVersionSchema>;

/** One state of all live policies together. */
export const policySetSchema = z.strictObject({
  policy_version: z.string(),
  created_at: timestampSchema,
  created_by: byLineSchema,
  note: z.string(),
  /** What this set changed against the one before; null: not live there. */
  changed: z.strictObject({ policy_id: z.string(), name: z.string(), from_version: z.number().int().nullable(), to_version: z.number().int().nullable() }),
});
export type PolicySetEntry = z.infer<typeof policySetSchema>;

/** A policy that was about this agent, action and tool but whose conditions did not hold. */
export const nearMissSchema = z.strictObject({ id: z.string(), name: z.string(), effect: policyEffectSchema, description: z.string() });
export const judgedCallSchema = z.strictObject({
  verdict: policyEffectSchema,
  reason: z.string(),
  matched_rules: z.array(matchedRuleSchema),
  near_misses: z.array(nearMissSchema),
  policy_version: z.string(),
  risk_level: riskLevelSchema,
  effect: toolEffectSchema,
  facts: toolFactsSchema,
  /** Facts that were missing or of the wrong type; the verdict is then at least `ask`. */
  problems: z.array(z.string()),
  /** Terms of the approval it would ask for; null unless the verdict is `ask`. */
  terms: approvalTermsSchema.nullable(),
  /** Why the call cannot be made at all, whatever the policies say. */
  misfit: z.string().nullable(),
});
export type JudgedCall = z.infer<typeof judgedCallSchema>;

/** A draft put in the place of a policy (or beside all, when its policy was never live). */
const draftShape = { draft: z.strictObject({ policy_id: policyIdSchema.nullable(), cedar: cedarTextSchema }).optional() };
export const tryCallBodySchema = z.strictObject({ agent_id: idSchema, tool_name: toolNameSchema, arguments: z.record(z.string(), z.json()), ...draftShape });
export type TryCallBody = z.infer<typeof tryCallBodySchema>;
export const simulateAgentBodySchema = z.strictObject({ agent_id: idSchema, ...draftShape });
export type SimulateAgentBody = z.infer<typeof simulateAgentBodySchema>;
/** Each tool of the agent at its default risk, before any argument is known. */
export const simulatedAgentSchema = z.strictObject({
  policy_version: z.string(),
  agent_version: z.number().int().positive(),
  items: z.array(
    z.strictObject({
      tool_name: toolNameSchema,
      risk_level: riskLevelSchema,
      effect: toolEffectSchema,
      verdict: policyEffectSchema,
      reason: z.string(),
      matched_rules: z.array(matchedRuleSchema),
      /** Policies that may change the verdict once arguments are known. */
      may_change: z.array(nearMissSchema),
      /** The verdict at each higher risk its arguments may bring. */
      at_higher_risk: z.array(z.strictObject({ risk_level: riskLevelSchema, verdict: policyEffectSchema })),
      misfit: z.string().nullable(),
    }),
  ),
});
export type SimulatedAgent = z.infer<typeof simulatedAgentSchema>;

/** One entry of the decision ledger. */
export const recordedDecisionSchema = z.strictObject({
  id: idSchema,
  at: timestampSchema,
  run_id: idSchema,
  tool_call_id: idSchema,
  agent_id: idSchema.nullable(),
  agent_name: z.string().nullable(),
  tool_name: z.string(),
  risk_level: riskLevelSchema,
  verdict: policyEffectSchema,
  reason: z.string(),
  matched_rules: z.array(matchedRuleSchema),
  policy_version: z.string(),
  facts: toolFactsSchema,
  problems: z.array(z.string()),
});
export type RecordedDecision = z.infer<typeof recordedDecisionSchema>;
export const listDecisionsQuerySchema = pageQuerySchema.extend({
  agent_id: idSchema.optional(),
  tool_name: toolNameSchema.optional(),
  verdict: policyEffectSchema.optional(),
  policy_id: policyIdSchema.optional(),
  from: timestampSchema.optional(),
  to: timestampSchema.optional(),
});
export type ListDecisionsQuery = z.infer<typeof listDecisionsQuerySchema>;
