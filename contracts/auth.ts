import { z } from 'zod';
import { idSchema } from './ids.ts';
import { timestampSchema } from './pagination.ts';
import { roleSchema } from './permissions.ts';

export const userSchema = z.strictObject({
  id: idSchema,
  email: z.email(),
  name: z.string(),
  role: roleSchema,
  is_disabled: z.boolean(),
  created_at: timestampSchema,
});
export type User = z.infer<typeof userSchema>;

const passwordSchema = z.string().min(12, 'Use at least 12 characters.').max(256);

export const signInBodySchema = z.strictObject({ email: z.string().trim().min(1).max(320), password: z.string().min(1).max(256) });
export type SignInBody = z.infer<typeof signInBodySchema>;

export const linkSignInBodySchema = z.strictObject({ token: z.string().min(1).max(256) });

/** A bearer token and its life in seconds; the renewal secret travels in an HttpOnly cookie. */
export const tokenResponseSchema = z.strictObject({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number().int().positive(),
  user: userSchema,
});
export type TokenResponse = z.infer<typeof tokenResponseSchema>;

export const createUserBodySchema = z.strictObject({
  email: z.email().max(320),
  name: z.string().trim().min(1).max(120),
  role: roleSchema,
  password: passwordSchema,
});
export type CreateUserBody = z.infer<typeof createUserBodySchema>;

export const updateUserBodySchema = z.strictObject({
  name: z.string().trim().min(1).max(120).optional(),
  role: roleSchema.optional(),
  is_disabled: z.boolean().optional(),
});
export type UpdateUserBody = z.infer<typeof updateUserBodySchema>;

export const changePasswordBodySchema = z.strictObject({ current_password: z.string().min(1).max(256), new_password: passwordSchema });
export type ChangePasswordBody = z.infer<typeof changePasswordBodySchema>;
