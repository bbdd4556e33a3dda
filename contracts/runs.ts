import { z } from 'zod';
import { llmProviderSchema, runLimitsSchema } from './agents.ts';
import { errorCodes } from './errors.ts';
import { idSchema } from './ids.ts';
import { listParameter, pageQuerySchema, timestampSchema } from './pagination.ts';
import { riskLevelSchema } from './tools.ts';

/** Where a run is; the same words everywhere. */
export const runPhases = ['queued', 'running', 'waiting_for_approval', 'paused', 'completed', 'failed', 'cancelled', 'timed_out'] as const;
export const runPhaseSchema = z.enum(runPhases);
export type RunPhase = z.infer<typeof runPhaseSchema>;

export const terminalRunPhases = ['completed', 'failed', 'cancelled', 'timed_out'] as const;
export type TerminalRunPhase = (typeof terminalRunPhases)[number];

/** Whether a run in this phase has ended for good. */
export const isTerminal = (phase: RunPhase): phase is TerminalRunPhase => (terminalRunPhases as readonly string[]).includes(phase);

/** Why a run ended other than by its final answer. */
export const runEndCodes = [
  ...errorCodes,
  'LIMIT_ITERATIONS', 'LIMIT_TOKENS', 'LIMIT_COST', 'LIMIT_DURATION',
  'MODEL_MISTAKES', 'APPROVAL_REJECTED', 'CANCELLED_BY_USER', 'TERMINATED_IN_TEMPORAL', 'TIMED_OUT_IN_TEMPORAL', 'FAILED_IN_TEMPORAL',
] as const;
export const runErrorSchema = z.strictObject({
  code: z.enum(runEndCodes),
  /** A sentence a person can act on. */
  message: z.string(),
  /** The step it happened at, if any. */
  step_id: idSchema.nullable(),
});
export type RunError = z.infer<typeof runErrorSchema>;

/** Tokens of a run or step; null where the provider did not say. Unknown is never 0. */
export const usageSchema = z.strictObject({
  input_tokens: z.number().int().nullable(),
  output_tokens: z.number().int().nullable(),
  cached_input_tokens: z.number().int().nullable(),
  cache_write_tokens: z.number().int().nullable(),
  reasoning_tokens: z.number().int().nullable(),
});
export type Usage = z.infer<typeof usageSchema>;

export const runInputsSchema = z.strictObject({
  goal: z.string().trim().min(1, 'Say what the agent should do.').max(20_000),
  /** Anything else the agent should know, as JSON; shown to the model below the goal. */
  data: z.record(z.string(), z.json()).optional(),
});
export type RunInputs = z.infer<typeof runInputsSchema>;

export const createRunBodySchema = z.strictObject({
  agent_id: idSchema,
  inputs: runInputsSchema,
  /** Tighter or wider limits for this run alone. */
  limits: runLimitsSchema.partial().optional(),
});
export type CreateRunBody = z.infer<typeof createRunBodySchema>;

export const createRunResponseSchema = z.strictObject({ run_id: idSchema, status: runPhaseSchema, created_at: timestampSchema });
export type CreateRunResponse = z.infer<typeof createRunResponseSchema>;

/** `data`: the answer as JSON, when the agent has an output schema. */
export const runOutputsSchema = z.strictObject({ answer: z.string(), data: z.json().optional() });
export type RunOutputs = z.infer<typeof runOutputsSchema>;

export const runSchema = z.strictObject({
  run_id: idSchema,
  agent_id: idSchema,
  agent_name: z.string(),
  agent_version: z.number().int().positive(),
  is_demo: z.boolean(),
  llm_provider: llmProviderSchema,
  llm_model: z.string(),
  status: runPhaseSchema,
  goal: z.string(),
  inputs: runInputsSchema,
  limits: runLimitsSchema,
  outputs: runOutputsSchema.nullable(),
  error: runErrorSchema.nullable(),
  /** Turns of the loop that acted; a run that answers at once has 1. */
  iterations: z.number().int().nonnegative(),
  usage: usageSchema,
  /** Null when any step's cost is unknown. */
  cost_micro_usd: z.number().int().nullable(),
  wall_ms: z.number().int().nullable(),
  active_ms: z.number().int().nullable(),
  waiting_ms: z.number().int(),
  pending_approvals: z.number().int(),
  started_by: z.string().nullable(),
  created_at: timestampSchema,
  started_at: timestampSchema.nullable(),
  finished_at: timestampSchema.nullable(),
  temporal: z.strictObject({ workflow_id: z.string(), run_id: z.string().nullable(), ui_url: z.url().nullable() }),
});
export type Run = z.infer<typeof runSchema>;

export const listRunsQuerySchema = pageQuerySchema.extend({
  status: listParameter(runPhaseSchema).optional(),
  agent_id: idSchema.optional(),
  /** Words of the goal, or the start of a run id. */
  text: z.string().max(200).optional(),
  created_after: timestampSchema.optional(),
  created_before: timestampSchema.optional(),
});
export type ListRunsQuery = z.infer<typeof listRunsQuerySchema>;

export const runCountsSchema = z.strictObject({ counts: z.record(runPhaseSchema, z.number().int()), total: z.number().int() });

export const stepKinds = ['reasoning', 'safety', 'approval', 'tool', 'memory', 'finish'] as const;
export const stepKindSchema = z.enum(stepKinds);
export type StepKind = z.infer<typeof stepKindSchema>;

/** `refused`: a policy or a person said no, so the call was not executed. */
export const stepStatusSchema = z.enum(['running', 'waiting', 'completed', 'failed', 'refused', 'cancelled']);
export type StepStatus = z.infer<typeof stepStatusSchema>;

/** Why a turn is not asking its model at the moment: the connection's rate limit, a pause before another attempt, another run asking the same. */
export const stepWaitReasons = ['capacity', 'retry', 'same_request'] as const;
export type StepWaitReason = (typeof stepWaitReasons)[number];

/** Bodies above this many bytes are left out of lists (`is_shortened`) and read from the step's own address. */
export const stepBodyListLimit = 16 * 1024;

export const stepSchema = z.strictObject({
  id: idSchema,
  run_id: idSchema,
  iteration: z.number().int().positive(),
  /** Order within the run, rising, with gaps. */
  sequence: z.number().int(),
  kind: stepKindSchema,
  status: stepStatusSchema,
  /** One line: the thought's start, "47 rows", "HIGH: waits for a person". */
  summary: z.string().nullable(),
  tool_name: z.string().nullable(),
  tool_call_id: idSchema.nullable(),
  approval_id: idSchema.nullable(),
  risk_level: riskLevelSchema.nullable(),
  input: z.json().nullable(),
  output: z.json().nullable(),
  is_shortened: z.boolean(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  llm_model: z.string().nullable(),
  /** The connection that answered, by name. */
  llm_connection: z.string().nullable(),
  /** Another model answered than the agent's first choice. */
  is_fallback: z.boolean(),
  /** Answered from the cache, and what that saved; cost is 0 then. */
  is_cached: z.boolean(),
  saved_micro_usd: z.number().int().nullable(),
  /** From the request on the wire to the first token. */
  first_token_ms: z.number().int().nullable(),
  /** What an open reasoning step waits for; null: it works. */
  waiting: z.strictObject({ reason: z.enum(stepWaitReasons), until: timestampSchema }).nullable(),
  /** What an open reasoning step has said so far, of the attempt under way; `text` and `thought` grow by `text-delta` events. */
  draft: z.strictObject({ attempt: z.number().int().positive(), thought: z.string(), text: z.string() }).nullable(),
  usage: usageSchema.nullable(),
  cost_micro_usd: z.number().int().nullable(),
  attempt: z.number().int().positive(),
  started_at: timestampSchema,
  finished_at: timestampSchema.nullable(),
  duration_ms: z.number().int().nullable(),
});
export type Step = z.infer<typeof stepSchema>;

/** What followed from a failed call: another attempt, the next model, a shorter conversation, the end, a repair of the answer's form. */
export const attemptActions = ['retry', 'fallback', 'compact', 'repair', 'end'] as const;

/** One request to a model (or one that was not sent: from the cache, or refused by an open circuit or a budget). */
export const attemptSchema = z.strictObject({
  id: idSchema,
  /** From 1, over all models of the turn. */
  attempt: z.number().int().positive(),
  llm_provider: llmProviderSchema,
  llm_connection: z.string(),
  llm_model: z.string(),
  status: z.enum(['running', 'succeeded', 'failed', 'abandoned']),
  is_cached: z.boolean(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  action: z.enum(attemptActions).nullable(),
  /** When the next attempt follows, for `retry`. */
  retry_at: timestampSchema.nullable(),
  usage: usageSchema.nullable(),
  cost_micro_usd: z.number().int().nullable(),
  first_token_ms: z.number().int().nullable(),
  /** Bytes of the request's body as it was sent; null: nothing was sent. */
  request_bytes: z.number().int().nullable(),
  dropped_turns: z.number().int(),
  started_at: timestampSchema,
  finished_at: timestampSchema.nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;
export const attemptsResponseSchema = z.strictObject({ items: z.array(attemptSchema) });

/** What was sent, byte for byte; credentials are headers and never kept. */
export const attemptRequestSchema = z.strictObject({ method: z.literal('POST'), url: z.string(), body: z.string() });

export const listStepsQuerySchema = pageQuerySchema.extend({ kind: stepKindSchema.optional() });
export const steerBodySchema = z.strictObject({ message: z.string().trim().min(1).max(20_000) });
export const cancelBodySchema = z.strictObject({ reason: z.string().trim().max(2_000).optional() }).default({});

/** Answer of cancel, pause, resume and steer: taken note of; the run's state follows by event. */
export const acceptedResponseSchema = z.strictObject({ run_id: idSchema, status: runPhaseSchema });
