import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';

/**
 * A test of something outside, told stage by stage. `skipped`: an earlier stage failed, or there is nothing to do. The names of the
 * stages belong to what is tested: `address`, `connect`, `tls`, `sign_in`, `identity`, `rights`, `tables`; `start`, `initialize`, `list_tools`.
 */
export const testStageSchema = z.strictObject({
  stage: z.string(),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  ms: z.number().nonnegative().nullable(),
  /** What was seen, without secrets. */
  detail: z.string(),
});
export type TestStage = z.infer<typeof testStageSchema>;

export const stagedTestSchema = z.strictObject({
  passed: z.boolean(),
  tested_at: timestampSchema,
  stages: z.array(testStageSchema),
  failure: z.strictObject({
    stage: z.string(),
    code: z.string(),
    /** Plain cause. */
    cause: z.string(),
    /** What to do. */
    fix: z.string(),
  }).nullable(),
  /** What works but should be better: "The role may write; give it SELECT alone." */
  warnings: z.array(z.string()),
});
export type StagedTest = z.infer<typeof stagedTestSchema>;

/** Who uses something outside. */
export const usedByAgentsSchema = z.array(z.strictObject({ id: idSchema, name: z.string() }));
