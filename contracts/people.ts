import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';
import { roleSchema } from './permissions.ts';

const personSchema = z.strictObject({ user_id: idSchema, name: z.string() });

/** As policies name it: `group:finance-leads`. */
export const groupNameSchema = z.string().trim().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'A group name has small letters, digits and -.');
export const groupSchema = z.strictObject({
  id: idSchema,
  name: groupNameSchema,
  description: z.string(),
  members: z.array(personSchema.extend({ role: roleSchema, is_disabled: z.boolean() })),
  /** Names of live policies that name it. */
  used_by_policies: z.array(z.string()),
  version: z.number().int().positive(),
  created_at: timestampSchema,
  updated_at: timestampSchema,
});
export type Group = z.infer<typeof groupSchema>;
export const groupsResponseSchema = z.strictObject({ items: z.array(groupSchema) });
const memberIdsSchema = z.array(idSchema).max(200).refine((ids) => new Set(ids).size === ids.length, 'Each person once.');
export const createGroupBodySchema = z.strictObject({ name: groupNameSchema, description: z.string().trim().max(500).default(''), member_ids: memberIdsSchema.default([]) });
export type CreateGroupBody = z.infer<typeof createGroupBodySchema>;
/** The name stays: policies name it. */
export const updateGroupBodySchema = z.strictObject({ version: z.number().int().positive(), description: z.string().trim().max(500).optional(), member_ids: memberIdsSchema.optional() });
export type UpdateGroupBody = z.infer<typeof updateGroupBodySchema>;
/** `confirm_name` is needed for a group that live policies name. */
export const deleteGroupQuerySchema = z.strictObject({ confirm_name: z.string().max(60).optional() });

/** People who may decide, to delegate to. */
export const approversResponseSchema = z.strictObject({ items: z.array(personSchema.extend({ role: roleSchema })) });

/** While it lasts, `to` may decide what `from` might. Never on a run either of them started, where self-approval is forbidden. */
export const delegationSchema = z.strictObject({
  id: idSchema,
  from: personSchema,
  to: personSchema,
  starts_at: timestampSchema,
  ends_at: timestampSchema,
  note: z.string(),
  state: z.enum(['planned', 'active', 'ended', 'revoked']),
  created_at: timestampSchema,
});
export type Delegation = z.infer<typeof delegationSchema>;
export const delegationsResponseSchema = z.strictObject({ items: z.array(delegationSchema) });
export const createDelegationBodySchema = z
  .strictObject({
    /** Left out: oneself. Somebody else's only an admin may set. */
    from_user_id: idSchema.optional(),
    to_user_id: idSchema,
    starts_at: timestampSchema,
    ends_at: timestampSchema,
    note: z.string().trim().max(500).default(''),
  })
  .refine(({ starts_at: start, ends_at: end }) => Date.parse(start) < Date.parse(end), { message: 'It ends before it begins.', path: ['ends_at'] });
export type CreateDelegationBody = z.infer<typeof createDelegationBodySchema>;
