import type { Step } from '@contracts/runs.ts';
import { riskLevelSchema } from '@contracts/tools.ts';
import { z } from 'zod';

/** Bodies of steps are JSON of whatever the engine recorded; what is known of them is read leniently, the rest is in Raw. */
const answerSchema = z.object({
  text: z.string().nullish(),
  thought: z.string().nullish(),
  finish_reason: z.string().nullish(),
  tool_calls: z.array(z.object({ id: z.string(), tool_name: z.string(), arguments: z.json().nullish(), raw_arguments: z.string().nullish() })).catch([]),
});
export type Answer = z.infer<typeof answerSchema>;

const checkSchema = z.object({
  verdict: z.string(),
  risk_level: riskLevelSchema.nullish(),
  reason: z.string().nullish(),
  policy_version: z.string().nullish(),
  matched_rules: z.array(z.object({ id: z.string(), description: z.string() })).catch([]),
  facts: z.record(z.string(), z.json()).catch({}),
});
export type Check = z.infer<typeof checkSchema>;

const memorySchema = z.object({ kind: z.string().nullish(), text: z.string() });

const read = <Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> | null => {
  const parsed = schema.safeParse(body);
  return parsed.success ? parsed.data : null;
};

/** What the model said in a reasoning or finish step. */
export const answerOf = (step: Step): Answer | null => (step.kind === 'reasoning' || step.kind === 'finish' ? read(answerSchema, step.output) : null);
/** What a safety step found. */
export const checkOf = (step: Step): Check | null => (step.kind === 'safety' ? read(checkSchema, step.output) : null);
/** What a memory step wrote down. */
export const memoryOf = (step: Step): { kind?: string | null | undefined; text: string } | null => (step.kind === 'memory' ? read(memorySchema, step.output) : null);

/** The last safety step about the same call. */
export const safetyStepOf = (step: Step, steps: readonly Step[]): Step | undefined =>
  step.kind === 'safety' ? step : step.tool_call_id === null ? undefined : steps.findLast((one) => one.kind === 'safety' && one.tool_call_id === step.tool_call_id);
