import { z } from 'zod';
import { approvalStatusSchema } from './approvals.ts';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';
import { runPhaseSchema, stepKindSchema, stepStatusSchema } from './runs.ts';
import { riskLevelSchema } from './tools.ts';

const envelope = { id: z.string(), at: timestampSchema, run_id: idSchema.nullable() };

/** Events carry ids and small facts, never arguments or bodies: a client that wants more reads the resource. */
export const maestroEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...envelope, type: z.literal('run-changed'), data: z.strictObject({ agent_id: idSchema, status: runPhaseSchema, iterations: z.number().int() }) }),
  z.strictObject({
    ...envelope,
    type: z.literal('step-changed'),
    data: z.strictObject({ step_id: idSchema, iteration: z.number().int(), kind: stepKindSchema, status: stepStatusSchema, tool_name: z.string().nullable(), summary: z.string().nullable() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('approval-requested'),
    data: z.strictObject({ approval_id: idSchema, agent_id: idSchema, agent_name: z.string(), tool_name: z.string(), risk_level: riskLevelSchema, expires_at: timestampSchema.nullable() }),
  }),
  z.strictObject({
    ...envelope,
    type: z.literal('approval-settled'),
    data: z.strictObject({ approval_id: idSchema, agent_id: idSchema, status: approvalStatusSchema, decided_by: z.string() }),
  }),
  /** Something about an open request: a yes of several, an edit, a later expiry, a reminder, more people who may decide. */
  z.strictObject({ ...envelope, type: z.literal('approval-changed'), data: z.strictObject({ approval_id: idSchema, agent_id: idSchema, version: z.number().int(), change: z.enum(['vote', 'edited', 'extended', 'reminded', 'escalated']) }) }),
  z.strictObject({ ...envelope, type: z.literal('policy-changed'), data: z.strictObject({ policy_id: z.string(), change: z.enum(['draft', 'published', 'off', 'deleted']) }) }),
  z.strictObject({ ...envelope, type: z.literal('back-test-changed'), data: z.strictObject({ back_test_id: idSchema, status: z.enum(['running', 'completed', 'cancelled', 'failed']), done: z.number().int(), total: z.number().int() }) }),
  z.strictObject({
    ...envelope,
    /**
     * More of what the model is saying. `offset` is the length of the channel before it, in UTF-16 code units, so that a reader sees
     * when it has missed some; offset 0 of a higher attempt discards what came before. Kept only while the turn is open.
     */
    type: z.literal('text-delta'),
    data: z.strictObject({ step_id: idSchema, iteration: z.number().int(), attempt: z.number().int().positive(), channel: z.enum(['thought', 'text']), offset: z.number().int().nonnegative(), text: z.string() }),
  }),
  z.strictObject({ ...envelope, type: z.literal('connection-changed'), data: z.strictObject({ connection_id: z.string(), change: z.enum(['created', 'updated', 'deleted', 'tested', 'circuit']) }) }),
  z.strictObject({ ...envelope, type: z.literal('agent-changed'), data: z.strictObject({ agent_id: idSchema, change: z.enum(['created', 'updated', 'deleted']) }) }),
  z.strictObject({ ...envelope, type: z.literal('memory-changed'), data: z.strictObject({ agent_id: idSchema, memory_id: idSchema, change: z.enum(['added', 'deleted']) }) }),
  z.strictObject({ ...envelope, type: z.literal('mail-received'), data: z.strictObject({ outbox_id: idSchema }) }),
]);
export type MaestroEvent = z.infer<typeof maestroEventSchema>;
export type MaestroEventType = MaestroEvent['type'];
/** An event before it is written: the log gives id and time. */
export type NewMaestroEvent = { [Type in MaestroEventType]: Omit<Extract<MaestroEvent, { type: Type }>, 'id' | 'at'> }[MaestroEventType];

export const eventsQuerySchema = z.strictObject({
  run_id: idSchema.optional(),
  /** Same meaning as the Last-Event-ID header, for clients that cannot set it. */
  last_event_id: z.string().max(64).optional(),
});
