import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';

/** Bytes of one file and of all files of a run. */
export const maxRunFileBytes = 10_000_000;
export const maxRunFilesBytes = 100_000_000;

/** A name without folders, as it is saved on somebody's disk. */
export const fileNameSchema = z.string().min(1).max(200).regex(/^(?!\.{1,2}$)[^/\\\p{Cc}\p{Cf}\u2028\u2029<>:"|?*]+$/u, 'A file name has no folders and no control characters.');

/** A file a tool call of the run made. */
export const runFileSchema = z.strictObject({
  id: idSchema,
  run_id: idSchema,
  tool_call_id: idSchema,
  tool_name: z.string(),
  iteration: z.number().int(),
  name: z.string(),
  media_type: z.string(),
  bytes: z.number().int(),
  sha256: z.string().length(64),
  created_at: timestampSchema,
});
export type RunFile = z.infer<typeof runFileSchema>;
export const runFilesResponseSchema = z.strictObject({ items: z.array(runFileSchema) });

/** How a file stands in a tool's output: `{"file": {...}}` wherever the tool puts it. */
export const outputFileSchema = z.strictObject({ id: idSchema, name: z.string(), media_type: z.string(), bytes: z.number().int() });
export type OutputFile = z.infer<typeof outputFileSchema>;
