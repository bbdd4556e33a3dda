import { z } from 'zod';
import { idSchema } from './ids.ts';
import { pageQuerySchema, timestampSchema } from './pagination.ts';

export const memoryKindSchema = z.enum(['episode', 'fact', 'summary']);
export type MemoryKind = z.infer<typeof memoryKindSchema>;

export const memorySchema = z.strictObject({
  id: idSchema,
  agent_id: idSchema,
  kind: memoryKindSchema,
  text: z.string(),
  /** Where it came from. */
  run_id: idSchema.nullable(),
  step_id: idSchema.nullable(),
  embedding_state: z.enum(['ready', 'missing']),
  embedding_model: z.string().nullable(),
  created_at: timestampSchema,
  last_used_at: timestampSchema.nullable(),
  /** 0 to 1, only in search answers. */
  score: z.number().nullable(),
});
export type Memory = z.infer<typeof memorySchema>;

export const listMemoryQuerySchema = pageQuerySchema.extend({
  /** Given: hybrid search (meaning and words), best first, one page. */
  query: z.string().trim().max(2_000).optional(),
  kind: memoryKindSchema.optional(),
  run_id: idSchema.optional(),
});
export type ListMemoryQuery = z.infer<typeof listMemoryQuerySchema>;
